import { type Matrix, MetricError } from '@ganzoo/core';
import { predictedClasses } from './extractors/classify.js';
import { checkFeatures } from './features.js';

/**
 * Share of samples that a classifier takes for what they were asked to be, 0 .. 1.
 * @param logits [n, classes]; of equally large ones the first counts.
 * @param labels [n], 0 .. classes - 1
 * @throws {MetricError} for a label too few or too many, one that is no class, or logits that are not finite.
 */
export function labelAgreement(logits: Matrix, labels: ArrayLike<number>): number {
  checkFeatures(logits, 'logits');
  const { rows, columns } = logits;
  if (labels.length !== rows) throw new MetricError(`There are ${labels.length} labels for ${rows} samples.`, { remedy: 'Give one label per sample.' });
  const predicted = predictedClasses(logits);
  let hits = 0;
  for (let row = 0; row < rows; row++) {
    const label = labels[row] as number;
    if (!(Number.isInteger(label) && label >= 0 && label < columns)) {
      throw new MetricError(`Sample ${row} has the label ${label}, but the classifier knows ${columns} classes.`, { remedy: 'Use a classifier of the same classes.' });
    }
    if (predicted[row] === label) hits += 1;
  }
  return hits / rows;
}
