import { type Direction, sampleSize, type Score } from '@ganzoo/core';
import { psnr } from '@ganzoo/metrics';

/** Mean absolute difference of all values. */
export function meanAbsoluteError(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += Math.abs((one[i] as number) - (other[i] as number));
  return sum / one.length;
}

/**
 * `true-mapping-AtoB`: mean |translated - true| over all values of all samples, in units of [-1, 1]. It has no floor:
 * an ideal translation has 0.
 */
export function trueMappingScore(direction: Direction, translated: Float32Array, truth: Float32Array, shape: readonly number[], split: string): Score {
  const count = truth.length / sampleSize({ shape });
  return { name: `true-mapping-${direction}`, value: meanAbsoluteError(translated, truth), samples: { real: count, generated: count }, split };
}

/**
 * Mean PSNR in dB of images and what comes of them after a way there and back.
 * @param images,returned [n, ...shape] in [-1, 1]
 */
export function meanPsnr(images: Float32Array, returned: Float32Array, shape: readonly number[]): number {
  const size = sampleSize({ shape });
  const count = images.length / size;
  const image = (values: Float32Array, i: number): Float32Array => values.subarray(i * size, (i + 1) * size).map((value) => (value + 1) / 2);
  let sum = 0;
  for (let i = 0; i < count; i++) sum += psnr(image(images, i), image(returned, i));
  return sum / count;
}

/** The mean image of [n, ...shape], n times: the best that can be said without looking at the input. */
export function meanImages(values: Float32Array, shape: readonly number[], times: number): Float32Array {
  const size = sampleSize({ shape });
  const mean = new Float64Array(size);
  values.forEach((value, i) => (mean[i % size] = (mean[i % size] as number) + value));
  return Float32Array.from({ length: times * size }, (_, i) => ((mean[i % size] as number) * size) / values.length);
}
