import { type Matrix, MetricError } from '@ganzoo/core';
import { nearestRows } from './neighbours.js';

/** Features of samples whose classes are known. */
export interface LabelledFeatures {
  readonly features: Matrix;
  /** [features.rows] */
  readonly labels: ArrayLike<number>;
}

/**
 * Share of test samples whose nearest training sample (Euclidean) is of their class, 0 .. 1. Donahue et al. 2016 (arXiv
 * 1605.09782), section 4.2, measure features so.
 * @throws {MetricError} for bad features, different dimensions, or a label too few or too many.
 */
export async function oneNearestNeighbourAccuracy(train: LabelledFeatures, test: LabelledFeatures): Promise<number> {
  for (const [name, { features, labels }] of Object.entries({ training: train, test })) {
    if (labels.length === features.rows) continue;
    throw new MetricError(`There are ${labels.length} labels for ${features.rows} ${name} features.`, { remedy: 'Give one label per sample.' });
  }
  const nearest = await nearestRows(train.features, test.features);
  return nearest.reduce((hits, row, i) => hits + (train.labels[row] === test.labels[i] ? 1 : 0), 0) / nearest.length;
}
