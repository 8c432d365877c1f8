import { UsageError } from '@ganzoo/core';
import { baseName } from '@ganzoo/datasets';
import { extractorFor, type ExtractorName } from '@ganzoo/metrics';

/**
 * The extractor for a data set's scores, whatever was selected from it.
 * @throws {UsageError} when there is none
 */
export function extractorOf(dataset: string): ExtractorName {
  return extractorFor(baseName(dataset));
}

export function hasExtractor(dataset: string): boolean {
  try {
    return extractorOf(dataset) !== undefined;
  } catch (error) {
    if (error instanceof UsageError) return false;
    throw error;
  }
}
