import type { Matrix } from '@ganzoo/core';
import { checkFeatures, checkSameDimensions, checkVaries } from './features.js';
import { nearestOthers, nearestRows, squaredDistance } from './neighbours.js';

/**
 * AuthPct: the share of generated samples, 0 .. 1, that are no copies of training samples. Alaa et al. 2022 (arXiv 2102.08921), section
 * 4.2, with the test of the authors' code: a sample is authentic when its nearest training sample is farther from it than from
 * that sample's own nearest other training sample. About .5 for samples of the training distribution itself; near 0 when the
 * generator repeats its data; near 1 says nothing about quality, since noise is authentic too.
 * @throws {MetricError} for bad features, or training features that are all equal.
 */
export async function authenticity(training: Matrix, generated: Matrix): Promise<number> {
  checkFeatures(training, 'training features');
  checkFeatures(generated, 'generated features');
  checkSameDimensions(training.columns, generated.columns);
  checkVaries(training, 'training features');
  const nearest = await nearestRows(training, generated);
  const asked = [...new Set(nearest)];
  const others = await nearestOthers(training, 1, asked, 'training features');
  const own = new Map(asked.map((row, i) => [row, others[i]?.[0] as number]));
  const authentic = nearest.reduce((count, row, i) => count + (squaredDistance(training, row, generated, i) > (own.get(row) as number) ? 1 : 0), 0);
  return authentic / generated.rows;
}
