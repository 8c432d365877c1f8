import { MetricError } from '@ganzoo/core';
import { describe, expect, it } from 'vitest';
import { labelAgreement, matrixFromRows, reconstructionErrors } from '../src/index.js';

describe('the reconstruction error', () => {
  const originals = Float32Array.of(0, 0, 1, 1, -1, -1); // three samples of two values
  const reconstructions = Float32Array.of(3, 4, 1, 1, -1, 0);

  it('is a mean over values (L1) and a mean of distances (L2)', () => {
    // differences (3, 4), (0, 0), (0, 1); distances 5, 0, 1
    expect(reconstructionErrors(originals, reconstructions, { size: 2 })).toEqual({ l1: 8 / 6, l2: 2 });
  });

  it("of another sample's original, the next one's, is larger where reconstructions are right at all", () => {
    // (1, 1) - (3, 4), (-1, -1) - (1, 1), (0, 0) - (-1, 0): distances sqrt 13, sqrt 8, 1
    const { l1, l2 } = reconstructionErrors(originals, reconstructions, { size: 2, shift: 1 });
    expect(l1).toBeCloseTo((2 + 3 + 2 + 2 + 1) / 6, 12);
    expect(l2).toBeCloseTo((Math.sqrt(13) + Math.sqrt(8) + 1) / 3, 12);
    expect(reconstructionErrors(originals, originals, { size: 2 })).toEqual({ l1: 0, l2: 0 });
  });

  it('refuses what does not match', () => {
    expect(() => reconstructionErrors(originals, reconstructions.subarray(2), { size: 2 })).toThrow(MetricError);
    expect(() => reconstructionErrors(originals, reconstructions, { size: 4 })).toThrow(MetricError);
    expect(() => reconstructionErrors(new Float32Array(0), new Float32Array(0), { size: 2 })).toThrow(MetricError);
  });
});

describe('label agreement', () => {
  const logits = matrixFromRows([[1, 3, 2], [5, 4, 5], [-3, -2, -1], [0, 0, 0]]);

  it('is the share of largest logits at the label, the first of equal ones', () => {
    expect(labelAgreement(logits, [1, 0, 2, 0])).toBe(1);
    expect(labelAgreement(logits, [1, 2, 2, 1])).toBe(0.5);
  });

  it('refuses labels that are too few, or no classes', () => {
    expect(() => labelAgreement(logits, [1, 0, 2])).toThrow(/3 labels for 4 samples/);
    expect(() => labelAgreement(logits, [1, 0, 2, 3])).toThrow(/Sample 3 has the label 3, but the classifier knows 3 classes/);
    expect(() => labelAgreement(matrixFromRows([[1, Number.NaN], [1, 2]]), [0, 1])).toThrow(MetricError);
  });
});
