import { MetricError, Random } from '@ganzoo/core';
import { describe, expect, it } from 'vitest';
import { matrixFromRows, mixtureCoverage, PERFECT_HIGH_QUALITY } from '../src/index.js';

const square = { centres: [[0, 0], [10, 0], [0, 10], [10, 10]], sigma: 0.5 };

describe('the coverage of a mixture', () => {
  it('counts what lies less than three sigma from its nearest centre', () => {
    const rows = [[0, 0], [1.49, 0], [0, 1.51], [1.1, 1.1], [10, -1.4], [9, 9.2], [5, 5], [10, 11.49]];
    // distances: 0, 1.49, 1.51, 1.556, 1.4, 1.281, 7.07, 1.49 against 1.5
    expect(mixtureCoverage(matrixFromRows(rows), square)).toEqual({
      modes: 3,
      highQuality: 5 / 8,
      counts: [2, 1, 0, 2],
      klToUniform: expect.closeTo(Math.log(4) - (2 * 0.4 * Math.log(2.5) + 0.2 * Math.log(5)), 12), // log K - entropy
    });
  });

  it('is perfect for equal shares, and log K from uniform when one mode has all', () => {
    expect(mixtureCoverage(matrixFromRows(square.centres), square)).toMatchObject({ modes: 4, highQuality: 1, klToUniform: 0 });
    const one = mixtureCoverage(matrixFromRows([[10, 0], [10, 0.2]]), square);
    expect(one).toMatchObject({ modes: 1, highQuality: 1, counts: [0, 2, 0, 0] });
    expect(one.klToUniform).toBeCloseTo(Math.log(4), 12);
  });

  it('is as bad as can be where no sample is good', () => {
    expect(mixtureCoverage(matrixFromRows([[5, 5], [-9, 3]]), square)).toEqual({ modes: 0, highQuality: 0, counts: [0, 0, 0, 0], klToUniform: Math.log(4) });
  });

  it('finds 98.889 % of the mixture itself good, and a divergence of (K - 1) / 2n', () => {
    expect(PERFECT_HIGH_QUALITY).toBeCloseTo(0.98889, 5);
    const [random, n] = [Random.of('mixture'), 20_000];
    const data = Float64Array.from({ length: 2 * n });
    for (let i = 0; i < n; i++) {
      const centre = square.centres[random.integerNumber(4)] as number[];
      data.set(centre.map((value) => value + 0.5 * random.normalNumber()), 2 * i);
    }
    const { highQuality, klToUniform, modes } = mixtureCoverage({ data, rows: n, columns: 2 }, square);
    expect(Math.abs(highQuality - PERFECT_HIGH_QUALITY)).toBeLessThan(0.003); // four binomial standard errors
    expect(modes).toBe(4);
    expect(klToUniform).toBeLessThan(5 * (3 / (2 * n))); // chi-squared of 3 degrees of freedom over 2n
  });

  it('is refused for other mixtures and bad samples', () => {
    const points = matrixFromRows([[0, 0], [1, 1]]);
    expect(() => mixtureCoverage(points, { centres: [[0, 0, 0]], sigma: 1 })).toThrow(MetricError);
    expect(() => mixtureCoverage(points, { centres: [], sigma: 1 })).toThrow('0 modes of 0 dimensions');
    expect(() => mixtureCoverage(points, { ...square, sigma: 0 })).toThrow(MetricError);
    expect(() => mixtureCoverage(matrixFromRows([[0, Number.NaN], [1, 1]]), square)).toThrow('samples hold NaN in row 0, column 1');
    expect(() => mixtureCoverage(matrixFromRows([[0], [1]]), square)).toThrow(MetricError);
  });
});
