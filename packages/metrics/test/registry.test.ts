import { UsageError } from '@ganzoo/core';
import { describe, expect, it } from 'vitest';
import { extractorFor } from '../src/index.js';

describe('the extractor for a data set', () => {
  it.each([
    ['glyphs', 'glyphs-lenet64'],
    ['mnist', 'mnist-lenet64'],
    ['kmnist', 'mnist-lenet64'],
    ['fashion-mnist', 'fashion-lenet64'],
    ['cifar10', 'cifar4k-lenet64'],
    ['stacked-mnist', 'mnist-lenet64x3'],
  ])('for %s is %s', (dataset, extractor) => {
    expect(extractorFor(dataset)).toBe(extractor);
  });

  it('is refused for other data sets, with the nearest names', () => {
    expect(() => extractorFor('minst')).toThrow(UsageError);
    expect(() => extractorFor('minst')).toThrow(/no extractor for the data set 'minst'/);
    expect(remedyOf(() => extractorFor('minst'))).toMatch(/^Did you mean 'mnist'/);
    expect(remedyOf(() => extractorFor('toString'))).toMatch(/Known are glyphs, mnist, kmnist, fashion-mnist/);
  });
});

function remedyOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return (error as UsageError).remedy;
  }
  return '';
}
