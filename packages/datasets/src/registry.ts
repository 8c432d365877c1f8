import { nearest, UsageError } from '@ganzoo/core';
import type { Dataset } from '@ganzoo/core';
import type { DatasetDefinition, LoadOptions } from './definition.js';
import { fashionMnist } from './fashion-mnist.js';
import { glyphPairs } from './glyph-pairs.js';
import { glyphs } from './glyphs.js';
import { kmnist } from './kmnist.js';
import { grid, ring } from './mixtures.js';
import { mnist } from './mnist.js';

/** Every data set, by name. */
export const datasets: Readonly<Record<string, DatasetDefinition>> = Object.fromEntries(
  [glyphs, mnist, fashionMnist, kmnist, ring, grid, glyphPairs].map((definition) => [definition.name, definition]),
);

/**
 * The definition of a data set.
 * @throws {UsageError} when there is none of this name; the nearest names are suggested
 */
export function findDataset(name: string): DatasetDefinition {
  const known = Object.keys(datasets);
  if (!Object.hasOwn(datasets, name)) {
    const meant = nearest(name, known);
    throw new UsageError(`There is no data set '${name}'.`, {
      remedy: `${meant.length > 0 ? `Did you mean ${meant.map((word) => `'${word}'`).join(' or ')}? ` : ''}The data sets are ${known.join(', ')}.`,
    });
  }
  return datasets[name] as DatasetDefinition;
}

/**
 * Loads a data set: at once the splits that `options.splits` names, the others when they are first read.
 * @throws {UsageError} when there is no data set of this name, or it does not come as `options` ask for it
 * @throws {DataError} when a file is missing, damaged, not the published one, or cannot be downloaded
 */
export async function loadDataset(name: string, options: LoadOptions = {}): Promise<Dataset> {
  return findDataset(name).load(options);
}
