import { type Matrix, MetricError } from '@ganzoo/core';
import { checkFeatures } from './features.js';

export interface InceptionScore {
  /** Mean over the splits; 1 .. number of classes. */
  readonly mean: number;
  /** Standard deviation over the splits (ddof 0). */
  readonly sd: number;
  readonly splits: number;
}

/** A classifier's probabilities may miss 1 by this. */
const TOLERANCE = 1e-3;

/**
 * Inception score: exp E KL(p(y|x) || p(y)), by contiguous splits of the samples. Salimans et al. 2016 (arXiv 1606.03498), section 4;
 * ten splits as in their code. Only Inception's probabilities give the published scale.
 * @param probabilities [samples, classes], each row a distribution.
 * @throws {MetricError} when a row is none, or there are fewer samples than splits.
 */
export function inceptionScore(probabilities: Matrix, { splits = 10 }: { readonly splits?: number } = {}): InceptionScore {
  checkFeatures(probabilities, 'class probabilities');
  const { data, rows, columns } = probabilities;
  if (!(Number.isInteger(splits) && splits >= 1 && splits <= rows)) {
    throw new MetricError(`${splits} splits of ${rows} samples were asked for.`, { remedy: `Ask for 1 to ${rows}; 10 is usual.` });
  }
  for (let row = 0; row < rows; row++) {
    const own = Array.from(data.subarray(row * columns, (row + 1) * columns));
    const sum = own.reduce((total, value) => total + value, 0);
    if (own.some((value) => value < 0) || Math.abs(sum - 1) > TOLERANCE) {
      throw new MetricError(`Row ${row} of the class probabilities is no distribution: its sum is ${sum}.`, { remedy: 'Give probabilities, the softmax of the logits.' });
    }
  }
  const scores = Array.from({ length: splits }, (_, i) => scoreOf(probabilities, Math.floor((i * rows) / splits), Math.floor(((i + 1) * rows) / splits)));
  const mean = scores.reduce((sum, score) => sum + score, 0) / splits;
  return { mean, sd: Math.sqrt(scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / splits), splits };
}

/** Of the rows from `start` to before `end`. */
function scoreOf({ data, columns }: Matrix, start: number, end: number): number {
  const marginal = new Float64Array(columns);
  for (let row = start; row < end; row++) for (let j = 0; j < columns; j++) marginal[j] = (marginal[j] as number) + (data[row * columns + j] as number) / (end - start);
  let divergence = 0;
  for (let row = start; row < end; row++) {
    for (let j = 0; j < columns; j++) {
      const p = data[row * columns + j] as number;
      if (p > 0) divergence += (p * Math.log(p / (marginal[j] as number))) / (end - start);
    }
  }
  return Math.exp(divergence);
}
