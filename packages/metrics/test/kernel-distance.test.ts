import { MetricError, Random, type Matrix } from '@ganzoo/core';
import { describe, expect, it } from 'vitest';
import { lift, thirdMoments, symmetricDot, pairKernelSum } from '../src/cubic-kernel.js';
import { kernelDistance, kernelDistanceOfSubsets, matrixFromRows } from '../src/index.js';
import { SubsetKernelDistance } from '../src/kernel-distance.js';
import { goldenGenerated, goldenReal, grid, gridPair, matrixOf, rankDeficientGenerated, rankDeficientReal } from './golden.js';

const normals = (key: string, rows: number, columns: number): Matrix => ({ data: Random.of(key).normals(rows * columns), rows, columns });

describe('the kernel distance', () => {
  it.each([
    ['unbiased', goldenReal, goldenGenerated, 'unbiased', 0.05679869],
    ['biased', goldenReal, goldenGenerated, 'biased', 0.09520558],
    ['unbiased, of a set with itself', goldenReal, goldenReal, 'unbiased', -0.03425233],
    ['rank-deficient', rankDeficientReal, rankDeficientGenerated, 'unbiased', 0.90086463],
  ] as const)('equals the golden vector: %s', (_, real, generated, estimator, expected) => {
    expect(Math.abs(kernelDistance(real, generated, estimator) - expected)).toBeLessThan(1e-6);
  });

  it.each(grid)('equals NumPy with $n samples of $d features', ({ n, d, kernel }) => {
    const { a, b } = gridPair(n, d);
    expect(Math.abs(kernelDistance(a, b) - kernel)).toBeLessThan(1e-9 * Math.max(1, Math.abs(kernel)));
  });

  it('of two and two numbers is what a hand computes', () => {
    // k(0,1) = 1, k(2,2) = 125, k(0,2) = k(1,0) = 1, k(1,2) = 27: 1 + 125 - 2 (1 + 1 + 27 + 27) / 4
    expect(kernelDistance(matrixFromRows([[0], [1]]), matrixFromRows([[2], [2]]))).toBeCloseTo(1 + 125 - 28, 12);
  });

  it('is the same over pairs and through third moments', () => {
    const [few, fewer] = [normals('a', 30, 5), normals('b', 23, 5)];
    const [x, y] = [lift(few), lift(fewer)];
    const throughMoments = symmetricDot(thirdMoments(x), thirdMoments(y), x.size);
    expect(throughMoments).toBeCloseTo(pairKernelSum(x, y) / (30 * 23), 10);
  });

  it('is symmetric and zero, when biased, between a set and itself', () => {
    expect(kernelDistance(goldenReal, goldenGenerated)).toBeCloseTo(kernelDistance(goldenGenerated, goldenReal), 12);
    expect(Math.abs(kernelDistance(goldenReal, goldenReal, 'biased'))).toBeLessThan(1e-12);
  });

  it('is near zero between 10,000 and 10,000 samples of one distribution of 64 features', () => {
    const [x, y] = [normals('x', 10_000, 64), normals('y', 10_000, 64)];
    expect(Math.abs(kernelDistance(x, y))).toBeLessThan(1e-3);
  });
});

describe('the kernel distance over subsets', () => {
  const real = normals('real', 300, 6);
  const generated = matrixOf(250, 6, (i, j) => Math.sin(i * (j + 1)));

  it.each([6, 40])('of several generated sets from one real side, of %d features, is that of each alone, whatever was compared before', (columns) => {
    // Of 6 features third moments are cheaper than pairs, of 40 not: then the real side's own pairs are kept.
    const [side, ...sets] = ['real', 'a', 'b', 'c', 'd'].map((key) => normals(key, key === 'c' ? 200 : 250, columns)) as [Matrix, ...Matrix[]];
    const stream = (): Random => Random.of('subsets');
    const together = new SubsetKernelDistance(side, stream, { subsets: 4, subsetSize: 90 });
    for (const set of sets) expect(together.to(set)).toEqual(kernelDistanceOfSubsets(side, set, { random: stream(), subsets: 4, subsetSize: 90 }));
  });

  it('is the full-set estimate, without spread, when every subset is the whole set', () => {
    const full = kernelDistance(goldenReal, matrixOf(120, 8, (i, j) => Math.cos(i + j)));
    const { mean, sd } = kernelDistanceOfSubsets(goldenReal, matrixOf(120, 8, (i, j) => Math.cos(i + j)), {
      random: Random.of(1),
      subsets: 5,
    });
    expect(mean).toBeCloseTo(full, 10);
    expect(sd).toBeLessThan(1e-10);
  });

  it('averages to the full-set estimate, because each subset is unbiased', () => {
    const { mean, sd, subsets, subsetSize } = kernelDistanceOfSubsets(real, generated, { random: Random.of(2), subsetSize: 60 });
    expect([subsets, subsetSize]).toEqual([100, 60]);
    expect(Math.abs(mean - kernelDistance(real, generated))).toBeLessThan(4 * (sd / Math.sqrt(100)));
  });

  it('is repeated by its seed and takes all of the smaller side by default', () => {
    const [once, again, other] = [3, 3, 4].map((seed) =>
      kernelDistanceOfSubsets(real, generated, { random: Random.of(seed), subsets: 3 }),
    );
    expect(again).toEqual(once);
    expect(other?.mean).not.toBe(once?.mean);
    expect(once?.subsetSize).toBe(250);
  });

  it.each([
    [{ subsetSize: 251 }, /A subset of 251 samples was asked for where the smaller side has 250/],
    [{ subsetSize: 1 }, /A subset of 1 samples/],
    [{ subsets: 0 }, /asked for 0 subsets/],
  ])('refuses %o', (options, message) => {
    expect(() => kernelDistanceOfSubsets(real, generated, { random: Random.of(1), ...options })).toThrow(message);
  });
});

describe('bad features for the kernel distance', () => {
  const good = matrixFromRows([[1, 2], [3, 4]]);
  it.each([
    ['different dimensions', matrixFromRows([[1], [2]]), /real features have 2 dimensions, the generated ones 1/],
    ['one sample', matrixFromRows([[1, 2]]), /1 sample in the generated features/],
    ['NaN', matrixFromRows([[1, Number.NaN], [3, 4]]), /NaN in row 0, column 1/],
  ])('%s are refused by name', (_, generated, message) => {
    expect(() => kernelDistance(good, generated)).toThrow(MetricError);
    expect(() => kernelDistance(good, generated)).toThrow(message);
    expect(() => kernelDistanceOfSubsets(good, generated, { random: Random.of(1) })).toThrow(message);
  });
});
