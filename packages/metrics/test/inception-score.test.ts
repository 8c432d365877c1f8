import { MetricError } from '@ganzoo/core';
import { describe, expect, it } from 'vitest';
import { inceptionScore, matrixFromRows } from '../src/index.js';
import { matrixOf } from './golden.js';

describe('the inception score', () => {
  const logits = matrixOf(100, 10, (i, j) => 3 * Math.sin((i + 1) * (2 * j + 3) * 0.37));
  const exponentials = Float64Array.from(logits.data, Math.exp);
  const sumOf = (row: number): number => exponentials.subarray(row * 10, row * 10 + 10).reduce((sum, value) => sum + value, 0);
  const probabilities = { ...logits, data: exponentials.map((value, at) => value / sumOf(Math.floor(at / 10))) };

  it('is the golden one, in one split and in ten', () => {
    expect(inceptionScore(probabilities, { splits: 1 }).mean).toBeCloseTo(2.16053906, 7);
    const { mean, sd, splits } = inceptionScore(probabilities);
    expect(mean).toBeCloseTo(2.11414077, 7);
    expect(sd).toBeCloseTo(0.092195, 7);
    expect(splits).toBe(10);
  });

  it('is the number of classes for sure and even predictions, and 1 for equal ones', () => {
    const sure = matrixOf(40, 4, (i, j) => (i % 4 === j ? 1 : 0));
    expect(inceptionScore(sure, { splits: 5 })).toEqual({ mean: expect.closeTo(4, 12) as number, sd: expect.closeTo(0, 12) as number, splits: 5 });
    expect(inceptionScore(matrixOf(40, 4, () => 0.25)).mean).toBeCloseTo(1, 12);
  });

  it.each([
    ['logits', logits, {}, /Row 0 of the class probabilities is no distribution/],
    ['sums that are not 1', matrixFromRows([[0.5, 0.5], [0.5, 0.4]]), { splits: 1 }, /Row 1 .* its sum is 0\.9/],
    ['more splits than samples', matrixFromRows([[0.5, 0.5], [0.5, 0.5]]), {}, /10 splits of 2 samples/],
  ])('refuses %s', (_, given, options, message) => {
    expect(() => inceptionScore(given, options)).toThrow(MetricError);
    expect(() => inceptionScore(given, options)).toThrow(message);
  });
});
