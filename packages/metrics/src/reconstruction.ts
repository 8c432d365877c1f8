import { MetricError } from '@ganzoo/core';

export interface ReconstructionErrors {
  /** Mean of |x - y| over all values; of images in [-1, 1]: 0 .. 2. */
  readonly l1: number;
  /** Mean over samples of the Euclidean distance between x and y. */
  readonly l2: number;
}

export interface ReconstructionOptions {
  /** Values of one sample. */
  readonly size: number;
  /**
   * Compares each reconstruction with the sample so many places further on (the last ones with the first): what another
   * sample's reconstruction is wrong by. @default 0
   */
  readonly shift?: number;
}

/**
 * How far reconstructions G(E(x)) are from their originals. Donahue et al. 2016 (arXiv 1605.09782), whose code reports the
 * L2 error of images in [0, 1] - half of that in [-1, 1] - beside the same with a shift of 1.
 * @param originals [n, size]
 * @param reconstructions [n, size]
 * @throws {MetricError} when there are no samples, or not equally many of both.
 */
export function reconstructionErrors(originals: Float32Array, reconstructions: Float32Array, { size, shift = 0 }: ReconstructionOptions): ReconstructionErrors {
  const count = originals.length / size;
  if (!(Number.isInteger(count) && count > 0) || reconstructions.length !== originals.length) {
    throw new MetricError(`${originals.length} values were to be compared with ${reconstructions.length} as samples of ${size}.`, {
      remedy: 'Give a reconstruction for each sample, and at least one.',
    });
  }
  let [absolute, distance] = [0, 0];
  for (let sample = 0; sample < count; sample++) {
    const original = ((sample + shift) % count) * size;
    let squares = 0;
    for (let i = 0; i < size; i++) {
      const difference = (originals[original + i] as number) - (reconstructions[sample * size + i] as number);
      absolute += Math.abs(difference);
      squares += difference * difference;
    }
    distance += Math.sqrt(squares);
  }
  return { l1: absolute / originals.length, l2: distance / count };
}
