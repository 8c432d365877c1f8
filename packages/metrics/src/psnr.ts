import { MetricError } from '@ganzoo/core';

/**
 * Peak signal-to-noise ratio in dB, 10 log10(1 / mean squared difference), of values in [0, 1]: the peak is 1.
 * Infinity where both are equal.
 * @throws {MetricError} when they differ in length, or are empty
 */
export function psnr(one: ArrayLike<number>, other: ArrayLike<number>): number {
  if (one.length !== other.length || one.length === 0) {
    throw new MetricError(`Images of ${one.length} and of ${other.length} values have no PSNR.`, { remedy: 'Give two images of one size.' });
  }
  let squares = 0;
  for (let i = 0; i < one.length; i++) squares += ((one[i] as number) - (other[i] as number)) ** 2;
  return 10 * Math.log10(one.length / squares);
}
