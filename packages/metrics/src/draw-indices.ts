import { MetricError, type Random, type Source } from '@ganzoo/core';
import { drawWithoutReplacement } from './features.js';

/**
 * Different random samples of a split.
 * @throws {MetricError} when fewer than two are asked for, or more than there are.
 */
export function drawIndices(source: Source, count: number, random: Random): Uint32Array {
  if (!(Number.isInteger(count) && count >= 2 && count <= source.length)) {
    throw new MetricError(`${count} real samples of '${source.spec.name}' were asked for from a split of ${source.length}.`, {
      remedy: `Compare 2 to ${source.length} samples; floors need as many real ones as were generated.`,
    });
  }
  return drawWithoutReplacement(source.length, count, random);
}
