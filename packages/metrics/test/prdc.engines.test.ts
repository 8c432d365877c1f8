import { type Matrix, MetricError, Random } from '@ganzoo/core';
import { describe, expect, it } from 'vitest';
import { authenticity, matrixFromRows, nearestOthers, prdc } from '../src/index.js';
import { goldenGenerated, goldenReal, nearPair } from './golden.js';

const normals = (key: string, rows: number, columns: number): Matrix => ({ data: Random.of(key).normals(rows * columns), rows, columns });

/** By test/reference/neighbours.py. */
describe('precision, recall, density and coverage', () => {
  it.each([
    [3, [0.022222222222222223, 0.8416666666666667, 0.014814814814814815, 0.025]],
    [5, [0.13333333333333333, 1, 0.051111111111111114, 0.10833333333333334]],
  ])('are the golden ones for k = %i', async (k, expected) => {
    const { precision, recall, density, coverage } = await prdc(goldenReal, goldenGenerated, { k, densityK: k });
    [precision, recall, density, coverage].forEach((score, i) => expect(score).toBeCloseTo(expected[i] as number, 10));
  });

  it('take k = 3 for precision and recall, and 5 for density and coverage', async () => {
    const scores = await prdc(goldenReal, goldenGenerated);
    expect(scores.precision).toBeCloseTo(0.022222222222222223, 10);
    expect(scores.coverage).toBeCloseTo(0.10833333333333334, 10);
  });

  it.each([
    { m: 7, n: 6, d: 1, k: 1, scores: [1, 0.8571428571428571, 1.3333333333333333, 0.8571428571428571] },
    { m: 9, n: 300, d: 2, k: 4, scores: [1, 1, 1.1716666666666666, 1] },
    { m: 300, n: 9, d: 2, k: 4, scores: [1, 1, 0.8055555555555556, 0.09666666666666666] },
    { m: 200, n: 200, d: 64, k: 3, scores: [1, 1, 1.1366666666666667, 1] },
    { m: 40, n: 50, d: 256, k: 5, scores: [1, 1, 1.004, 1] },
  ])("are NumPy's for $m real and $n generated samples of $d features, k = $k", async ({ m, n, d, k, scores }) => {
    const [real, generated] = nearPair(m, n, d);
    const { precision, recall, density, coverage } = await prdc(real, generated, { k, densityK: k });
    [precision, recall, density, coverage].forEach((score, i) => expect(score).toBeCloseTo(scores[i] as number, 10));
  });

  it('of a distribution against itself are near 1, and swapped sides swap precision and recall', async () => {
    const [a, b] = [normals('a', 1000, 3), normals('b', 800, 3)];
    const [there, back] = [await prdc(a, b), await prdc(b, a)];
    for (const score of Object.values(there)) expect(Math.abs(score - 1)).toBeLessThan(0.1);
    expect([back.recall, back.precision]).toEqual([there.precision, there.recall]);
  });

  it('tell a collapsed generator: 20 real samples repeated with a little noise are precise and cover nothing', async () => {
    const real = normals('real', 1000, 8);
    const noise = Random.of('noise').normals(1000 * 8, 0, 0.01);
    const repeated = { rows: 1000, columns: 8, data: noise.map((value, at) => value + (real.data[at % (20 * 8)] as number)) };
    const { precision, recall, coverage } = await prdc(real, repeated);
    expect(precision).toBeGreaterThan(0.8);
    expect(recall).toBeLessThan(0.3);
    expect(coverage).toBeLessThan(0.3);
  });

  it('count a sample at just the radius only when asked to', async () => {
    const [real, generated] = [matrixFromRows([[0], [1]]), matrixFromRows([[2], [7]])]; // 2 lies at 1 from 1, whose radius is 1
    expect((await prdc(real, generated, { k: 1, densityK: 1 })).precision).toBe(0);
    expect(await prdc(real, generated, { k: 1, densityK: 1, inclusive: true })).toMatchObject({ precision: 0.5, coverage: 0.5, density: 0.5 });
  });

  it('see differences that float32 does not: a billionth at a distance of a thousand', async () => {
    const real = matrixFromRows([[1000], [1000 + 2e-9]]);
    const generated = matrixFromRows([[1000 + 1e-9], [1000 + 1e-8]]);
    expect(await prdc(real, generated, { k: 1, densityK: 1 })).toEqual({ precision: 0.5, recall: 1, density: 1, coverage: 1 });
  });

  it.each([
    ['too few real samples', matrixFromRows([[1], [2], [3]]), goldenGenerated, /dimensions/],
    ['fewer real samples than neighbours', matrixFromRows([[1], [2], [3]]), matrixFromRows([[1], [2], [3], [4], [5], [6]]), /5 nearest others were asked for among the 3 samples of the real features/],
    ['fewer generated samples than neighbours', matrixFromRows([[1], [2], [3], [4], [5], [6]]), matrixFromRows([[1], [2], [3]]), /3 nearest others were asked for among the 3 samples of the generated features/],
    ['equal real samples', matrixFromRows([[1], [1], [1], [1], [1], [1]]), matrixFromRows([[1], [2], [3], [4]]), /All 6 samples of the real features are equal/],
    ['NaN', matrixFromRows([[1], [2], [3], [4], [5], [6]]), matrixFromRows([[1], [Number.NaN], [3], [4]]), /generated features hold NaN in row 1/],
  ])('refuse %s', async (_, real, generated, message) => {
    const error = await prdc(real, generated).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MetricError);
    expect((error as MetricError).message).toMatch(message);
  });
});

/** By test/reference/neighbours.py. */
describe('authenticity', () => {
  it.each([
    [120, 90, 8, 0.23333333333333334],
    [90, 120, 2, 0.525],
    [300, 700, 3, 0.32857142857142857],
    [100, 300, 64, 0.5933333333333334],
  ])("is NumPy's for %i training and %i generated samples of %i features", async (m, n, d, expected) => {
    expect(await authenticity(...nearPair(m, n, d))).toBeCloseTo(expected, 10);
  });

  it('is 0 for copies of the training samples, and about a half for samples of their distribution', async () => {
    const training = normals('training', 2000, 4);
    expect(await authenticity(training, training)).toBe(0);
    expect(Math.abs((await authenticity(training, normals('fresh', 2000, 4))) - 0.5)).toBeLessThan(3 * Math.sqrt(0.25 / 2000) + 0.02);
  });

  it('refuses training samples that are all equal', async () => {
    await expect(authenticity(matrixFromRows([[1], [1]]), matrixFromRows([[1], [2]]))).rejects.toThrow(MetricError);
  });
});

describe('the nearest others', () => {
  it('are what sorting all distances gives, in several blocks', async () => {
    const points = normals('points', 8300, 2);
    const rows = [0, 17, 8299];
    const found = await nearestOthers(points, 4, rows);
    rows.forEach((row, i) => {
      const all = Array.from({ length: points.rows }, (_, other) =>
        other === row ? Infinity : [0, 1].reduce((sum, j) => sum + ((points.data[2 * other + j] as number) - (points.data[2 * row + j] as number)) ** 2, 0),
      );
      expect([...(found[i] as Float64Array)]).toEqual(all.sort((a, b) => a - b).slice(0, 4));
    });
  });
});
