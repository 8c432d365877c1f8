import { type Matrix, MetricError, type Mixture } from '@ganzoo/core';
import { checkFeatures, checkSameDimensions } from './features.js';
import { divergenceFromUniform } from './mode-coverage.js';

/** A sample is of high quality within so many sigma of its nearest mode. */
const RADIUS = 3;

/** The largest share of high quality that can be expected: of samples of the mixture itself, in the plane, 98.889 %. */
export const PERFECT_HIGH_QUALITY = 1 - Math.exp(-(RADIUS ** 2) / 2);

export interface MixtureCoverage {
  /** Modes with at least one sample of high quality. */
  readonly modes: number;
  /** Share of samples of high quality, 0 .. 1. */
  readonly highQuality: number;
  /**
   * KL(h || uniform) = sum h log(h K), in nats, of the histogram h of the samples of high quality over the K modes, as in PacGAN's
   * code. 0 for equal shares; log K when one mode has all, and when no sample is of high quality.
   */
  readonly klToUniform: number;
  /** [modes] samples of high quality. */
  readonly counts: readonly number[];
}

/**
 * How well samples cover a mixture of Gaussians in the plane: a sample is of high quality when it lies less than three
 * sigma (Euclidean) from its nearest centre. Srivastava et al. 2017 (VEEGAN, arXiv 1705.07761), section 4.1; Lin et al. 2018 (PacGAN,
 * arXiv 1712.04086), section 4.1. Both score 2,500 samples: more samples find more modes.
 * @param samples [n, 2]
 * @throws {MetricError} when the mixture is not one of the plane, or for bad samples: see `checkFeatures`.
 */
export function mixtureCoverage(samples: Matrix, { centres, sigma }: Mixture): MixtureCoverage {
  if (centres.length === 0 || !centres.every(({ length }) => length === 2) || !(sigma > 0)) {
    throw new MetricError(`A mixture of ${centres.length} modes of ${centres[0]?.length ?? 0} dimensions with sigma ${sigma} cannot be counted.`, {
      remedy: 'Give centres in the plane, at least one, and a positive sigma.',
    });
  }
  checkFeatures(samples, 'samples');
  checkSameDimensions(2, samples.columns);
  const counts = centres.map(() => 0);
  for (let row = 0; row < samples.rows; row++) {
    const { mode, distance } = nearest(samples.data[2 * row] as number, samples.data[2 * row + 1] as number, centres);
    if (distance < RADIUS * sigma) counts[mode] = (counts[mode] as number) + 1;
  }
  const good = counts.reduce((sum, count) => sum + count, 0);
  return { modes: counts.filter((count) => count > 0).length, highQuality: good / samples.rows, klToUniform: divergenceFromUniform(counts, good), counts };
}

function nearest(x: number, y: number, centres: Mixture['centres']): { mode: number; distance: number } {
  let [mode, distance] = [0, Infinity];
  centres.forEach(([cx, cy], i) => {
    const d = Math.hypot(x - (cx as number), y - (cy as number));
    if (d < distance) [mode, distance] = [i, d];
  });
  return { mode, distance };
}
