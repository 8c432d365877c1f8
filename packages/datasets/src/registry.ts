import { nearest, UsageError } from '@ganzoo/core';
import type { Dataset } from '@ganzoo/core';
import type { DatasetDefinition, LoadOptions } from './definition.js';
import { fashionMnist } from './fashion-mnist.js';
import { FOLDER, folderDataset } from './folder.js';
import { glyphPairs } from './glyph-pairs.js';
import { glyphs } from './glyphs.js';
import { kmnist } from './kmnist.js';
import { grid, ring } from './mixtures.js';
import { mnist } from './mnist.js';
import { pairOf } from './pairs.js';

/** Every data set, by name. */
export const datasets: Readonly<Record<string, DatasetDefinition>> = Object.fromEntries(
  [glyphs, mnist, fashionMnist, kmnist, ring, grid, glyphPairs].map((definition) => [definition.name, definition]),
);

/**
 * The definition of a data set: one of {@link datasets}, a folder of pictures (`folder:<path>`), or two of these as
 * unpaired domains (`mnist+fashion-mnist`).
 * @throws {UsageError} when there is none of this name; the nearest names are suggested
 * @throws {DataError} when a folder cannot be read or has no pictures
 */
export function findDataset(name: string): DatasetDefinition {
  const pair = splitPair(name);
  if (pair) return pairOf(findDataset(pair[0]), findDataset(pair[1]));
  if (name.startsWith(FOLDER)) return folderDataset(name);
  const known = Object.keys(datasets);
  if (!Object.hasOwn(datasets, name)) {
    const meant = nearest(name, known);
    throw new UsageError(`There is no data set '${name}'.`, {
      remedy: `${meant.length > 0 ? `Did you mean ${meant.map((word) => `'${word}'`).join(' or ')}? ` : ''}The data sets are ${known.join(', ')}, ${FOLDER}<path>, and two of them with a + between.`,
    });
  }
  return datasets[name] as DatasetDefinition;
}

/** Names of a pair's domains. A path may have a + of its own: only one in front of a name counts there. */
function splitPair(name: string): [a: string, b: string] | undefined {
  const isName = (word: string): boolean => word.startsWith(FOLDER) || Object.hasOwn(datasets, word);
  for (let at = name.indexOf('+'); at >= 0; at = name.indexOf('+', at + 1)) {
    const [a, b] = [name.slice(0, at), name.slice(at + 1)];
    if (isName(b) || !a.startsWith(FOLDER)) return [a, b];
  }
  return undefined;
}

/**
 * Loads a data set: at once the splits that `options.splits` names, the others when they are first read.
 * @throws {UsageError} when there is no data set of this name, or it does not come as `options` ask for it
 * @throws {DataError} when a file is missing, damaged, not the published one, or cannot be downloaded
 */
export async function loadDataset(name: string, options: LoadOptions = {}): Promise<Dataset> {
  return findDataset(name).load(options);
}
