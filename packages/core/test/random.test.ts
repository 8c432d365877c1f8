import { Random } from '@ganzoo/core';
import { describe, expect, it } from 'vitest';

const moments = (values: ArrayLike<number>): { mean: number; sd: number } => {
  const all = Array.from(values);
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  return { mean, sd: Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length) };
};

describe('a random stream', () => {
  it('depends on its key and on nothing else', () => {
    const draws = Random.of(7, 'move', 3).normals(5);
    Random.of(7, 'other').normals(100);
    expect(Random.of(7, 'move', 3).normals(5)).toEqual(draws);
    expect(Random.of(7).fork('move', 3).normals(5)).toEqual(draws);
    const advanced = Random.of(7);
    advanced.normals(10);
    expect(advanced.fork('move', 3).normals(5)).toEqual(draws);
  });

  it('never repeats the start of another: 20,000 neighbouring keys, 20,000 different first draws', () => {
    const firsts = new Set<string>();
    for (let step = 0; step < 10_000; step++) {
      for (const player of ['generator', 'discriminator']) {
        const random = Random.of(0, 'move', step, player);
        firsts.add(`${random.uint32()},${random.uint32()}`);
      }
    }
    expect(firsts.size).toBe(20_000);
  });

  it('has first draws of neighbouring keys that are uniform: chi-square of 100 bins', () => {
    const bins = new Array<number>(100).fill(0);
    for (let step = 0; step < 20_000; step++) bins[Random.of('seed', step).integerNumber(100)]! += 1;
    const chiSquare = bins.reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0);
    expect(chiSquare).toBeGreaterThan(99 - 5 * Math.sqrt(2 * 99)); // mean 99, sd sqrt(2 x 99)
    expect(chiSquare).toBeLessThan(99 + 5 * Math.sqrt(2 * 99));
  });

  it('draws Gaussians of mean 0, sd 1, with 4.55 % beyond two sd', () => {
    const draws = Random.of(1).normals(100_001);
    const { mean, sd } = moments(draws);
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(100_000));
    expect(Math.abs(sd - 1)).toBeLessThan(5 / Math.sqrt(200_000));
    const beyond = draws.filter((draw) => Math.abs(draw) > 2).length / draws.length;
    expect(Math.abs(beyond - 0.0455)).toBeLessThan(0.0035);
    expect(draws.every(Number.isFinite)).toBe(true);
  });

  it('draws uniforms in [low, high) and integers in 0 .. bound - 1', () => {
    const uniforms = Random.of(2).uniforms(50_000, -1, 1);
    expect(Math.min(...uniforms)).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...uniforms)).toBeLessThan(1);
    expect(Math.abs(moments(uniforms).sd - 1 / Math.sqrt(3))).toBeLessThan(0.01);
    const integers = Random.of(3).integers(50_000, 7);
    expect([...new Set(integers)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('permutes: every index once, every place equally often', () => {
    expect([...Random.of(4).permutation(1000)].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    const first = new Array<number>(4).fill(0);
    for (let i = 0; i < 8000; i++) first[Random.of(5, i).permutation(4)[0] as number]! += 1;
    for (const count of first) expect(Math.abs(count - 2000)).toBeLessThan(5 * Math.sqrt(8000 * 0.25 * 0.75));
  });
});
