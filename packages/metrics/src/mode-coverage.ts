import { MetricError } from '@ganzoo/core';

export interface ModeCoverage {
  /** Modes with at least one sample. */
  readonly modes: number;
  /** KL(h || uniform) in nats, of the histogram h of the samples over the modes; see {@link divergenceFromUniform}. */
  readonly klToUniform: number;
  /** [modes] samples of each. */
  readonly counts: readonly number[];
}

/**
 * How well samples cover modes that are equally likely, such as the 1,000 of stacked MNIST, by the mode that a classifier
 * sees in each (VEEGAN, arXiv 1705.07761; PacGAN, arXiv 1712.04086; both score 26,000 samples: more samples find more modes, and
 * samples of the uniform distribution itself have a divergence of about (modes - 1) / (2 samples), .0192).
 * @param found the mode of each sample, 0 .. modes - 1
 * @throws {MetricError} for no samples, or one whose mode is none
 */
export function modeCoverage(found: ArrayLike<number>, modes: number): ModeCoverage {
  if (found.length === 0) throw new MetricError('There are no samples whose modes could be counted.', { remedy: 'Give at least one; scores in papers are of 26,000.' });
  const counts = new Array<number>(modes).fill(0);
  for (let i = 0; i < found.length; i++) {
    const mode = found[i] as number;
    if (!(Number.isInteger(mode) && mode >= 0 && mode < modes)) throw new MetricError(`Sample ${i} is of mode ${mode}, but there are ${modes}.`, { remedy: 'Use a classifier of these modes.' });
    counts[mode] = (counts[mode] as number) + 1;
  }
  return { modes: counts.filter((count) => count > 0).length, klToUniform: divergenceFromUniform(counts, found.length), counts };
}

/**
 * KL(h || uniform) = sum h log(h K), in nats, of a histogram h over K modes. 0 for equal shares; log K when one mode has all, and
 * when there is no sample at all.
 * @param total sum of the counts
 */
export function divergenceFromUniform(counts: readonly number[], total: number): number {
  if (total === 0) return Math.log(counts.length);
  const terms = counts.map((count) => (count === 0 ? 0 : (count / total) * Math.log((count / total) * counts.length)));
  return Math.max(0, terms.reduce((sum, term) => sum + term, 0));
}
