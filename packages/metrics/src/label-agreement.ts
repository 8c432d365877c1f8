import { type Matrix, MetricError } from '@ganzoo/core';
import { checkFeatures } from './features.js';

/**
 * Share of samples that a classifier takes for what they were asked to be, 0 .. 1.
 * @param logits [n, classes]; of equally large ones the first counts.
 * @param labels [n], 0 .. classes - 1
 * @throws {MetricError} for a label too few or too many, one that is no class, or logits that are not finite.
 */
export function labelAgreement(logits: Matrix, labels: ArrayLike<number>): number {
  checkFeatures(logits, 'logits');
  const { data, rows, columns } = logits;
  if (labels.length !== rows) throw new MetricError(`There are ${labels.length} labels for ${rows} samples.`, { remedy: 'Give one label per sample.' });
  let hits = 0;
  for (let row = 0; row < rows; row++) {
    const label = labels[row] as number;
    if (!(Number.isInteger(label) && label >= 0 && label < columns)) {
      throw new MetricError(`Sample ${row} has the label ${label}, but the classifier knows ${columns} classes.`, { remedy: 'Use a classifier of the same classes.' });
    }
    const values = data.subarray(row * columns, (row + 1) * columns);
    if (values.indexOf(Math.max(...values)) === label) hits += 1;
  }
  return hits / rows;
}
