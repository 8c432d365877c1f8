import type { Float64Algebra, MomentSums } from '@ganzoo/core';
import { installedEngine, loadEngine } from '@ganzoo/engine';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';

let float64: Float64Algebra | undefined;
beforeAll(async () => {
  if (installedEngine('cpu')) float64 = (await loadEngine('native')).float64;
});
beforeEach((context) => {
  if (!float64) context.skip('the native engine is not installed; `ganzoo engine install` installs it');
});

const algebra = (): Float64Algebra => float64 as Float64Algebra;

/** What a number of rows come to, added in blocks of some sizes. */
function moments(rows: Float32Array | Float64Array, columns: number, blocks: readonly number[]): ReturnType<MomentSums['result']> {
  const sums = algebra().moments(columns);
  let at = 0;
  for (const block of blocks) sums.add(rows.subarray(at * columns, (at += block) * columns));
  const result = sums.result();
  sums.dispose();
  return result;
}

/** sin((i + 1) (2 j + 3) .37) + offset, [n, d] */
const waves = (n: number, d: number, offset = 0): Float64Array => Float64Array.from({ length: n * d }, (_, at) => Math.sin((Math.floor(at / d) + 1) * (2 * (at % d) + 3) * 0.37) + offset);

/** By the definition, in plain loops. */
function covarianceOf(rows: ArrayLike<number>, d: number): { mean: number[]; covariance: number[] } {
  const n = rows.length / d;
  const mean = Array.from({ length: d }, (_, j) => Array.from({ length: n }, (__, i) => rows[i * d + j] as number).reduce((sum, value) => sum + value, 0) / n);
  const covariance = Array.from({ length: d * d }, (_, at) => {
    const [j, k] = [Math.floor(at / d), at % d];
    let sum = 0;
    for (let i = 0; i < n; i++) sum += ((rows[i * d + j] as number) - (mean[j] as number)) * ((rows[i * d + k] as number) - (mean[k] as number));
    return sum / (n - 1);
  });
  return { mean, covariance };
}

const worst = (found: Float64Array, expected: readonly number[]): number => found.reduce((most, value, i) => Math.max(most, Math.abs(value - (expected[i] as number))), 0);

describe('moments in float64', () => {
  it.each([
    ['in one block', 1, [20]],
    ['of one column, in one block', 20, [20]],
    ['in blocks of different sizes, one of a single row', 3, [7, 1, 12]],
    ['of so many columns that they are cut into pieces', 512, [13, 7]],
    ['of columns that no number of pieces divides', 521, [20]],
  ])('are right to 1e-13 %s', (_, columns, blocks) => {
    const rows = waves(20, columns);
    const { count, mean, covariance } = moments(rows, columns, blocks);
    const expected = covarianceOf(rows, columns);
    expect(count).toBe(20);
    expect(worst(mean, expected.mean)).toBeLessThan(1e-13);
    expect(worst(covariance, expected.covariance)).toBeLessThan(1e-13);
  });

  it('of float32 are those of the numbers that they are', () => {
    const rows = Float32Array.from(waves(20, 5));
    expect(worst(moments(rows, 5, [11, 9]).covariance, covarianceOf(rows, 5).covariance)).toBeLessThan(1e-13);
  });

  it('lose no digits to a large mean', () => {
    const [near, far] = [moments(waves(50, 4), 4, [50]), moments(waves(50, 4, 1e8), 4, [20, 30])];
    // The numbers themselves are rounded to 1e8 * 2^-53 = 1e-8.
    expect(worst(far.covariance, [...near.covariance])).toBeLessThan(1e-7);
    expect(Math.abs((far.mean[0] as number) - 1e8 - (near.mean[0] as number))).toBeLessThan(1e-7);
  });

  it('of fewer than two samples are refused', () => {
    const sums = algebra().moments(2);
    expect(() => sums.result()).toThrow('0 samples have no covariance.');
    sums.add(Float64Array.of(1, 2));
    expect(() => sums.result()).toThrow('1 samples have no covariance.');
    sums.dispose();
  });

  it('leave no tensor behind', () => {
    const before = tf.memory().numTensors;
    moments(waves(20, 3), 3, [20]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('the trace of a root', () => {
  it('of [[2, 1], [1, 2]] and diag(1, 3) is sqrt(14)', () => {
    // A B = [[2, 3], [1, 6]]: trace 8, determinant 9, so Tr (A B)^1/2 = sqrt(8 + 2 sqrt(9)) = sqrt(14).
    expect(algebra().traceOfRoot(Float64Array.of(2, 1, 1, 2), Float64Array.of(1, 0, 0, 3), 2)).toBeCloseTo(Math.sqrt(14), 12);
  });

  it('of a matrix with itself is its trace, also where it is singular', () => {
    const full = moments(waves(40, 6), 6, [40]).covariance;
    const trace = (matrix: Float64Array, d: number): number => Array.from({ length: d }, (_, i) => matrix[i * d + i] as number).reduce((sum, value) => sum + value, 0);
    expect(algebra().traceOfRoot(full, full, 6)).toBeCloseTo(trace(full, 6), 12);
    const singular = moments(waves(3, 6), 6, [3]).covariance; // rank 2
    expect(algebra().traceOfRoot(singular, singular, 6)).toBeCloseTo(trace(singular, 6), 6);
    expect(algebra().traceOfRoot(Float64Array.of(1, 0, 0, 0), Float64Array.of(4, 0, 0, 9), 2)).toBeCloseTo(2, 12);
    expect(algebra().traceOfRoot(new Float64Array(4), full.slice(0, 4), 2)).toBe(0);
  });

  it('of what is not finite is refused', () => {
    expect(() => algebra().traceOfRoot(Float64Array.of(Number.NaN), Float64Array.of(1), 1)).toThrow('not finite');
  });
});

describe('sums of the cubic kernel', () => {
  it.each([
    ['float32', (values: Float64Array) => Float32Array.from(values), (values: Float64Array) => Float32Array.from(values)],
    ['float64', (values: Float64Array) => values, (values: Float64Array) => values],
    ['both', (values: Float64Array) => Float32Array.from(values), (values: Float64Array) => values],
  ])('of %s are those of the definition, over as many blocks as it takes', (_, ofX, ofY) => {
    const columns = 3;
    const [x, y] = [ofX(waves(2050, columns)), ofY(waves(30, columns, 0.5))];
    let expected = 0;
    for (let i = 0; i < 2050; i++) {
      for (let j = 0; j < 30; j++) {
        const product = [0, 1, 2].reduce((sum, k) => sum + (x[i * 3 + k] as number) * (y[j * 3 + k] as number), 0);
        expected += (product / 3 + 1) ** 3;
      }
    }
    const kernel = algebra().cubicKernel(columns);
    expect(Math.abs(kernel.sum(x, y) / expected - 1)).toBeLessThan(1e-13);
    kernel.dispose();
  });
});
