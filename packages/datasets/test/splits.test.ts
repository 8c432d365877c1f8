import { describe, expect, it } from 'vitest';
import { splitMembers, splitSizes } from '../src/splits.js';

describe('splits', () => {
  it("divides MNIST's 60,000 into 50,000 and 10,000", () => {
    expect(splitSizes({ train: 60_000, test: 10_000 })).toEqual({ train: 50_000, validation: 10_000, test: 10_000 });
  });

  it('puts every official training sample into train or validation, and none into both', () => {
    const members = [...splitMembers('train', 60_000), ...splitMembers('validation', 60_000)];
    expect(new Set(members).size).toBe(60_000);
    expect(Math.max(...splitMembers('validation', 60_000))).toBeLessThan(60_000);
  });

  it('takes a random part for validation: its mean index is that of the whole', () => {
    const members = splitMembers('validation', 60_000);
    const mean = members.reduce((sum, index) => sum + index, 0) / members.length;
    const standardError = (60_000 / Math.sqrt(12 * 10_000)) * Math.sqrt(5 / 6);
    expect(Math.abs(mean - 59_999 / 2)).toBeLessThan(3 * standardError);
  });

  it('keeps the official order of the test split', () => {
    expect([...splitMembers('test', 5)]).toEqual([0, 1, 2, 3, 4]);
  });

  it('limits a split to a random part of it, always the same', () => {
    const part = splitMembers('test', 10_000, 100);
    expect(new Set(part).size).toBe(100);
    expect(Math.max(...part)).toBeGreaterThan(5_000);
    expect(splitMembers('test', 10_000, 100)).toEqual(part);
    expect(splitMembers('train', 60_000, 100)).toEqual(splitMembers('train', 60_000).slice(0, 100));
    expect(splitMembers('validation', 600, 1_000)).toHaveLength(100);
  });
});
