import { MetricError } from '@ganzoo/core';
import { describe, expect, it } from 'vitest';
import { modeCoverage } from '../src/index.js';

describe('the coverage of modes', () => {
  it('of equal shares is complete, with no divergence', () => {
    expect(modeCoverage([0, 1, 2, 3, 3, 2, 1, 0], 4)).toEqual({ modes: 4, klToUniform: 0, counts: [2, 2, 2, 2] });
  });

  it('of one mode alone diverges by the logarithm of their number', () => {
    const { modes, klToUniform } = modeCoverage(new Uint32Array(50).fill(7), 1000);
    expect(modes).toBe(1);
    expect(klToUniform).toBeCloseTo(Math.log(1000), 10);
  });

  it('of three samples in one mode and one in another of four', () => {
    const { modes, klToUniform } = modeCoverage([2, 2, 0, 2], 4);
    expect(modes).toBe(2);
    expect(klToUniform).toBeCloseTo(0.75 * Math.log(3) + 0.25 * Math.log(1), 12);
  });

  it('refuses no samples, and modes that there are not', () => {
    expect(() => modeCoverage([], 4)).toThrow(MetricError);
    expect(() => modeCoverage([0, 4], 4)).toThrow('Sample 1 is of mode 4, but there are 4.');
    expect(() => modeCoverage([0.5], 4)).toThrow(MetricError);
  });
});
