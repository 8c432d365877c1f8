import type { Dataset, Direction } from '@ganzoo/core';
import { describe, expect, it } from 'vitest';
import { Glyphs } from '../src/glyphs.js';
import { loadDataset } from '../src/index.js';

const map = (data: Dataset, values: ArrayLike<number>, direction: Direction): Float32Array =>
  data.trueMapping?.(Float32Array.from(values), direction) as Float32Array;

const meanError = (one: Float32Array, other: Float32Array): number => one.reduce((sum, value, i) => sum + Math.abs(value - (other[i] as number)), 0) / one.length;

describe('glyph-pairs', () => {
  it('are two domains of three channels', async () => {
    const data = await loadDataset('glyph-pairs', { size: 32 });
    expect(data.spec.shape).toEqual([32, 32, 3]);
    expect(data.spec.domains?.a).toMatchObject({ name: 'glyphs', kind: 'images', shape: [32, 32, 3], classes: 10 });
    expect(data.spec.domains?.b).toMatchObject({ name: 'coloured-glyphs', kind: 'images', shape: [32, 32, 3] });
    for (const domain of ['a', 'b'] as const) {
      expect(['train', 'validation', 'test'].map((split) => data.source(split as 'train', domain).length)).toEqual([50_000, 10_000, 10_000]);
    }
    expect(() => data.source('train')).toThrow("'glyph-pairs' is two domains");
  });

  it('are the glyphs white on black, and others coloured', async () => {
    const [pairs, glyphs] = [await loadDataset('glyph-pairs'), await loadDataset('glyphs', { channels: 3 })];
    const [a, b, plain] = await Promise.all([pairs.source('test', 'a').read([7, 8]), pairs.source('test', 'b').read([7, 8]), glyphs.source('test').read([7, 8])]);
    expect(a).toEqual(plain);
    const others = new Glyphs('test', 'glyph-pairs');
    const grey = Float32Array.from([7, 8].flatMap((index) => [...others.image(index)].flatMap((byte) => Array<number>(3).fill(byte / 127.5 - 1))));
    expect(b.values).toEqual(map(pairs, grey, 'AtoB'));
    expect([...(b.labels ?? [])]).toEqual([others.label(7), others.label(8)]);
    expect(grey).not.toEqual(plain.values);
  });

  it('map black to striped paper, white to ink, and grey to what lies half way', async () => {
    const data = await loadDataset('glyph-pairs');
    const coloured = (grey: number): number[] => [...map(data, new Float32Array(28 * 28 * 3).fill(grey), 'AtoB')];
    const pixel = (values: number[], x: number, y: number): number[] => values.slice((y * 28 + x) * 3, (y * 28 + x) * 3 + 3).map((value) => Number(value.toFixed(6)));
    const [light, shaded] = [[1, 0.8, 0.4], [0.8, 0.4, -0.2]];
    expect([0, 1, 2, 3, 4].map((x) => pixel(coloured(-1), x, 0))).toEqual([light, light, shaded, shaded, light]);
    expect([0, 1, 2, 3, 4].map((x) => pixel(coloured(-1), x, 1))).toEqual([light, shaded, shaded, light, light]);
    expect(pixel(coloured(1), 5, 9)).toEqual([-0.6, -0.8, 0.4]);
    expect(pixel(coloured(0), 0, 0)).toEqual([0.2, 0, 0.4]);
    expect(pixel(coloured(0), 2, 0)).toEqual([0.1, -0.2, 0.1]);
  });

  it.each([28, 32, 64])('map there and back without loss at %i pixels', async (size) => {
    const data = await loadDataset('glyph-pairs', { size });
    const indices = [0, 1, 2, 3, 4];
    const [a, b] = [(await data.source('test', 'a').read(indices)).values, (await data.source('test', 'b').read(indices)).values];
    expect(meanError(map(data, map(data, a, 'AtoB'), 'BtoA'), a)).toBeLessThan(1e-6);
    expect(meanError(map(data, map(data, b, 'BtoA'), 'AtoB'), b)).toBeLessThan(1e-6);
    expect(Math.max(...b.map(Math.abs))).toBeLessThanOrEqual(1);
  });

  it('map what is no drawing to the nearest one', async () => {
    const data = await loadDataset('glyph-pairs');
    const tooDark = new Float32Array(28 * 28 * 3).fill(-1);
    tooDark.set([1, 0.8, 0.4], 0); // paper at (0, 0); beyond the ink elsewhere
    const back = map(data, tooDark, 'BtoA');
    expect(Math.max(...back)).toBeLessThanOrEqual(1);
    expect([...back.subarray(0, 3)]).toEqual([-1, -1, -1]);
    // The nearest point to b = (-1, -1, -1) between light (1, .8, .4) at (4, 0) and ink (-.6, -.8, .4): m = 6.08 / 5.12, cut to 1
    expect([...back.subarray(12, 15)]).toEqual([1, 1, 1]);
  });

  it('are far from their counterparts: the identity errs by more than 1', async () => {
    const data = await loadDataset('glyph-pairs');
    const indices = Array.from({ length: 200 }, (_, i) => i);
    for (const [domain, direction] of [['a', 'AtoB'], ['b', 'BtoA']] as const) {
      const { values } = await data.source('test', domain).read(indices);
      expect(meanError(values, map(data, values, direction))).toBeGreaterThan(1);
    }
  });

  it('refuse what they do not have', async () => {
    await expect(loadDataset('glyph-pairs', { channels: 1 })).rejects.toThrow("'glyph-pairs' does not come with channels 1.");
    await expect(loadDataset('glyph-pairs', { limit: 1.5 })).rejects.toThrow("1.5 is not a number of samples to limit 'glyph-pairs' to.");
    const data = await loadDataset('glyph-pairs', { limit: 10 });
    expect(data.source('train', 'b').length).toBe(10);
    await expect(data.source('train', 'b').read([10])).rejects.toThrow("Sample 10 was asked of 'glyph-pairs (train)', which has 10.");
  });
});
