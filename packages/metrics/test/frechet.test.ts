import { MetricError, Random, type Matrix } from '@ganzoo/core';
import { describe, expect, it } from 'vitest';
import { frechetDistance, frechetDistanceBetween, frechetStatistics, matrixFromRows, type FrechetStatistics } from '../src/index.js';
import { goldenGenerated, goldenReal, grid, gridPair, matrixOf, rankDeficientGenerated, rankDeficientReal } from './golden.js';

const gaussian = (mean: number[], covariance: number[]): FrechetStatistics => ({
  count: 1000,
  dimensions: mean.length,
  mean: Float64Array.from(mean),
  covariance: Float64Array.from(covariance),
});

const firstRows = (matrix: Matrix, rows: number): Matrix => ({ ...matrix, data: matrix.data.subarray(0, rows * matrix.columns), rows });

const far = (matrix: Matrix): Matrix => ({ ...matrix, data: matrix.data.map((value) => value + 1e6) });

const constant = (value: number): Matrix => matrixOf(10, 4, () => value);

const identity = (d: number): number[] => Array.from({ length: d * d }, (_, at) => (at % (d + 1) === 0 ? 1 : 0));

describe('the Fréchet distance', () => {
  it('equals the golden vector', () => {
    expect(Math.abs(frechetDistance(goldenReal, goldenGenerated) - 0.43571111)).toBeLessThan(1e-6);
  });

  it('equals the golden vector of rank-deficient features', () => {
    expect(Math.abs(frechetDistance(rankDeficientReal, rankDeficientGenerated) - 4.953836)).toBeLessThan(1e-6);
  });

  it('equals the golden vector of fewer samples than dimensions', () => {
    expect(Math.abs(frechetDistance(firstRows(goldenReal, 5), firstRows(goldenGenerated, 6)) - 4.488772)).toBeLessThan(1e-6);
  });

  it.each(grid)('equals NumPy with $n samples of $d features', ({ n, d, frechet }) => {
    const { a, b } = gridPair(n, d);
    expect(Math.abs(frechetDistance(a, b) - frechet)).toBeLessThan(1e-6 * Math.max(1, frechet));
    expect(Math.abs(frechetDistance(b, a) - frechet)).toBeLessThan(1e-6 * Math.max(1, frechet));
  });

  it('is 8 - 2 sqrt(14) for [[2,1],[1,2]] against diag(1,3)', () => {
    const distance = frechetDistanceBetween(gaussian([5, 5], [2, 1, 1, 2]), gaussian([5, 5], [1, 0, 0, 3]));
    expect(Math.abs(distance - (8 - 2 * Math.sqrt(14)))).toBeLessThan(1e-10);
  });

  it.each([1, 2, 16, 64])('is d for unit Gaussians whose means differ by one in each of d = %i dimensions', (d) => {
    const at = (mean: number): FrechetStatistics => gaussian(Array.from({ length: d }, () => mean), identity(d));
    expect(Math.abs(frechetDistanceBetween(at(0), at(1)) - d)).toBeLessThan(1e-10);
  });

  it('is (s - t)^2 per dimension for isotropic Gaussians of spread s and t', () => {
    const [two, five] = [2, 5].map((spread) => gaussian([0, 0, 0], identity(3).map((value) => value * spread ** 2)));
    expect(Math.abs(frechetDistanceBetween(two as FrechetStatistics, five as FrechetStatistics) - 27)).toBeLessThan(1e-10);
  });

  it('is symmetric', () => {
    const there = frechetDistance(goldenReal, goldenGenerated);
    expect(Math.abs(there - frechetDistance(goldenGenerated, goldenReal))).toBeLessThan(1e-12);
  });

  it('is zero between a set and itself, and never negative', () => {
    for (const set of [goldenReal, rankDeficientReal, firstRows(goldenReal, 2)]) {
      const distance = frechetDistance(set, set);
      expect(distance).toBeGreaterThanOrEqual(0);
      expect(distance).toBeLessThan(1e-10);
    }
  });

  it('is not changed by moving both sets far away', () => {
    expect(Math.abs(frechetDistance(far(goldenReal), far(goldenGenerated)) - 0.43571111)).toBeLessThan(1e-6);
  });

  it('is finite for constant features', () => {
    expect(frechetDistance(constant(1), constant(3))).toBeCloseTo(16, 12);
    // sin(0 + j) and sin(1 + j): against constants there is only |shift|^2 and the trace of one covariance.
    const pair = matrixOf(2, 3, (i, j) => Math.sin(i + j));
    const expected = [0, 1, 2].reduce((sum, j) => {
      const [a, b] = [Math.sin(j), Math.sin(j + 1)];
      return sum + ((a + b) / 2) ** 2 + (a - b) ** 2 / 2;
    }, 0);
    expect(frechetDistance(matrixOf(9, 3, () => 0), pair)).toBeCloseTo(expected, 12);
  });

  it('of samples of one distribution is about 2d/N + d(d+1)/(2N)', () => {
    const [n, d] = [4000, 16];
    const draw = (key: string): Matrix => ({ data: Random.of(key).normals(n * d), rows: n, columns: d });
    const expected = (2 * d) / n + (d * (d + 1)) / (2 * n);
    const distance = frechetDistance(draw('one'), draw('two'));
    expect(distance).toBeGreaterThan(0.7 * expected);
    expect(distance).toBeLessThan(1.3 * expected);
  });
});

describe('the statistics of the Fréchet distance', () => {
  it('are the mean and the covariance with ddof 1', () => {
    const { mean, covariance, count, dimensions } = frechetStatistics(matrixFromRows([[1, 2], [3, 2], [5, 8]]));
    expect([...mean]).toEqual([3, 4]);
    expect([...covariance]).toEqual([4, 6, 6, 12]);
    expect([count, dimensions]).toEqual([3, 2]);
  });

  it('give the same distance when they are reused', () => {
    const real = frechetStatistics(goldenReal);
    const generated = frechetStatistics(goldenGenerated);
    expect(frechetDistanceBetween(real, generated)).toBe(frechetDistance(goldenReal, goldenGenerated));
    expect(frechetDistanceBetween(real, generated)).toBe(frechetDistanceBetween(real, generated));
  });

  it('of 10,000 standard normal samples of 64 features are near 0 and the identity', () => {
    const { mean, covariance } = frechetStatistics({ data: Random.of(1).normals(640_000), rows: 10_000, columns: 64 });
    const deviation = (value: number, i: number): number => Math.abs(value - (i % 65 === 0 ? 1 : 0));
    expect(Math.max(...mean.map(Math.abs))).toBeLessThan(0.06); // standard error .01, 64 of them
    expect(Math.max(...covariance.map(deviation))).toBeLessThan(0.08); // standard errors .01 and, on the diagonal, .014; 4,096 of them
  });

  it('are refused when squares of the features overflow', () => {
    expect(() => frechetStatistics(matrixFromRows([[1e200], [-1e200]]))).toThrow(/covariance of the features overflows/);
  });
});

describe('bad features', () => {
  const good = matrixFromRows([[1, 2], [3, 4]]);
  it.each([
    ['different dimensions', good, matrixFromRows([[1], [2]]), /real features have 2 dimensions, the generated ones 1/],
    ['one sample', good, matrixFromRows([[1, 2]]), /1 sample in the generated features/],
    ['no samples', { data: new Float32Array(), rows: 0, columns: 2 }, good, /0 samples in the real features/],
    ['no columns', matrixFromRows([[], []]), matrixFromRows([[], []]), /2 rows of 0 columns/],
    ['a wrong length', good, { data: new Float32Array(3), rows: 2, columns: 2 }, /have 3 values, which is not 2 rows of 2/],
    ['NaN', good, matrixFromRows([[1, 2], [3, Number.NaN]]), /generated features hold NaN in row 1, column 1/],
    ['infinity', matrixFromRows([[1, -Infinity], [3, 4]]), good, /real features hold -Infinity in row 0, column 1/],
  ])('%s are refused by name', (_, real, generated, message) => {
    expect(() => frechetDistance(real, generated)).toThrow(MetricError);
    expect(() => frechetDistance(real, generated)).toThrow(message);
  });

  it('in ragged rows are refused', () => {
    expect(() => matrixFromRows([[1, 2], [3]])).toThrow(/Row 1 has 1 values, row 0 has 2/);
  });
});
