import { DataError, UsageError } from '@ganzoo/core';
import { describe, expect, it } from 'vitest';
import { datasets, loadDataset } from '../src/index.js';

const all = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** Mean and standard deviation. */
function moments(values: readonly number[]): [mean: number, sd: number] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return [mean, Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)];
}

describe.each([
  ['ring', 8, 0.01, [[1, 0], [Math.SQRT1_2, Math.SQRT1_2], [0, 1]]],
  ['grid', 25, 0.05, [[-4, -4], [-4, -2], [-4, 0]]],
] as const)('%s', (name, modes, sigma, first) => {
  it(`is ${modes} Gaussians of sd ${sigma}, equally likely, with the mode as label`, async () => {
    const data = await loadDataset(name);
    expect(data.spec).toMatchObject({ name, kind: 'vectors', shape: [2], classes: modes, mixture: { sigma } });
    const centres = data.spec.mixture?.centres ?? [];
    expect(centres).toHaveLength(modes);
    first.forEach((centre, i) => centre.forEach((value, axis) => expect(centres[i]?.[axis]).toBeCloseTo(value, 12)));
    const { values, labels } = await data.source('train').read(all(100_000));
    const counts = centres.map((_, mode) => labels?.filter((label) => label === mode).length ?? 0);
    const expected = 100_000 / modes;
    for (const count of counts) expect(Math.abs(count - expected)).toBeLessThan(5 * Math.sqrt(expected)); // binomial
    for (const axis of [0, 1]) {
      const offsets = Array.from(labels ?? [], (label, i) => (values[2 * i + axis] as number) - (centres[label]?.[axis] as number));
      const [mean, sd] = moments(offsets); // standard errors sigma / sqrt(100,000) = .0032 sigma, and that by sqrt(2)
      expect(Math.abs(mean / sigma)).toBeLessThan(0.016);
      expect(Math.abs(sd / sigma - 1)).toBeLessThan(0.011);
    }
  });

  it('has 100,000 samples to train on and others to score with, the same at every load', async () => {
    expect(datasets[name]).toMatchObject({ splits: { train: 100_000, validation: 10_000, test: 10_000 }, sizes: [], channels: [], sources: [] });
    const [one, other] = [await loadDataset(name), await loadDataset(name, { limit: 50, splits: ['train'] })];
    expect(one.source('test').length).toBe(10_000);
    expect(other.source('test').length).toBe(50);
    expect(await other.source('train').read([7, 3, 7])).toEqual(await one.source('train').read([7, 3, 7]));
    const firsts = await Promise.all((['train', 'validation', 'test'] as const).map(async (split) => (await one.source(split).read([0])).values.join()));
    expect(new Set(firsts).size).toBe(3);
  });

  it('refuses what points do not have', async () => {
    await expect(loadDataset(name, { size: 28 })).rejects.toThrow(UsageError);
    await expect(loadDataset(name, { channels: 1 })).rejects.toThrow(`'${name}' consists of points: it has no channels.`);
    await expect(loadDataset(name, { limit: 0 })).rejects.toThrow(UsageError);
    const data = await loadDataset(name);
    expect(() => data.source('test', 'a')).toThrow(DataError);
    await expect(data.source('test').read([10_000])).rejects.toThrow(DataError);
  });
});
