import { MetricError, type Random } from '@ganzoo/core';
import { ssim } from './ssim.js';

export interface SsimDiversityOptions {
  /** Draws the pairs. */
  readonly random: Random;
  /** @default 100 */
  readonly pairs?: number;
}

/**
 * How alike images of one class, or of one generator, are: the mean SSIM of random pairs of two different ones. Odena, Olah and
 * Shlens 2017 (AC-GAN, arXiv 1610.09585) take MS-SSIM of 100 pairs, for which images of 28 to 64 pixels are too small. 1 for a
 * collapsed generator; read it against that of real images: below it there may be noise.
 * @param images [n, height, width, channels] in [-1, 1]
 * @param shape [height, width, channels], at least 11 x 11
 * @throws {MetricError} for fewer than two images, or no pairs
 */
export function ssimDiversity(images: Float32Array, shape: readonly [number, number, number], { random, pairs = 100 }: SsimDiversityOptions): number {
  const size = shape[0] * shape[1] * shape[2];
  const count = images.length / size;
  if (!Number.isInteger(count) || count < 2 || !(Number.isInteger(pairs) && pairs >= 1)) {
    throw new MetricError(`${pairs} pairs were asked for of ${images.length} values, ${count} images of ${shape.join(' x ')}.`, { remedy: 'Give at least two whole images, and ask for at least one pair.' });
  }
  const scaled = (index: number): Float64Array => Float64Array.from(images.subarray(index * size, (index + 1) * size), (value) => (value + 1) / 2);
  let sum = 0;
  for (let pair = 0; pair < pairs; pair++) {
    const one = random.integerNumber(count);
    const other = (one + 1 + random.integerNumber(count - 1)) % count; // any but the first
    sum += ssim(scaled(one), scaled(other), shape);
  }
  return sum / pairs;
}
