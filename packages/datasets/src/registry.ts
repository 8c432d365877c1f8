import path from 'node:path';
import { nearest, UsageError } from '@ganzoo/core';
import type { Dataset } from '@ganzoo/core';
import { cifar10 } from './cifar10.js';
import { CIFAR10_FILE, cifar10File } from './cifar10-file.js';
import type { DatasetDefinition, LoadOptions } from './definition.js';
import { fashionMnist } from './fashion-mnist.js';
import { FOLDER, folderDataset } from './folder.js';
import { glyphPairs } from './glyph-pairs.js';
import { glyphs } from './glyphs.js';
import { kmnist } from './kmnist.js';
import { grid, ring } from './mixtures.js';
import { mnist } from './mnist.js';
import { pairOf } from './pairs.js';
import { parseSelection, selected } from './selection.js';
import { stackedMnist } from './stacked-mnist.js';

/** Every data set, by name. */
export const datasets: Readonly<Record<string, DatasetDefinition>> = Object.fromEntries(
  [glyphs, mnist, fashionMnist, kmnist, cifar10, stackedMnist, ring, grid, glyphPairs].map((definition) => [definition.name, definition]),
);

/**
 * The definition of a data set: one of {@link datasets}, a folder of pictures (`folder:<path>`), a file of records like
 * CIFAR-10's (`cifar10:<file>`), a selection from one of these (`mnist@classes=3:8@limit=5000@mirror`), or two of all these as
 * unpaired domains (`mnist+fashion-mnist`).
 * @throws {UsageError} when there is none of this name; the nearest names are suggested
 * @throws {DataError} when a folder or file cannot be read or has no pictures
 */
export function findDataset(name: string): DatasetDefinition {
  const pair = splitPair(name);
  if (pair) return pairOf(findDataset(pair[0]), findDataset(pair[1]));
  const { base, selection } = parseSelection(name);
  if (selection) return selected(name, findDataset(base), selection);
  if (name.startsWith(FOLDER)) return folderDataset(name);
  if (name.startsWith(CIFAR10_FILE)) return cifar10File(name);
  const known = Object.keys(datasets);
  if (!Object.hasOwn(datasets, name)) {
    const meant = nearest(name, known);
    throw new UsageError(`There is no data set '${name}'.`, {
      remedy: `${meant.length > 0 ? `Did you mean ${meant.map((word) => `'${word}'`).join(' or ')}? ` : ''}The data sets are ${known.join(', ')}, ${FOLDER}<path>, ${CIFAR10_FILE}<file>, and two of them with a + between.`,
    });
  }
  return datasets[name] as DatasetDefinition;
}

/** What a data set is without its file and without what was selected: `cifar10` of `cifar10:<file>`, `mnist` of `mnist@limit=500`. */
export function baseName(name: string): string {
  const { base } = parseSelection(name);
  return base.startsWith(CIFAR10_FILE) ? CIFAR10_FILE.slice(0, -1) : base;
}

/** The name of at most so many samples per split of a data set, of each of its domains where it is a pair. */
export function limited(name: string, limit: number): string {
  const pair = splitPair(name);
  return pair ? pair.map((domain) => limited(domain, limit)).join('+') : `${name}@limit=${limit}`;
}

/** The name with its paths made absolute: it means the same from another working directory. */
export function absoluteName(name: string): string {
  const pair = splitPair(name);
  if (pair) return pair.map(absoluteName).join('+');
  const { base } = parseSelection(name);
  const prefix = [FOLDER, CIFAR10_FILE].find((one) => base.startsWith(one));
  return prefix === undefined ? name : `${prefix}${path.resolve(base.slice(prefix.length))}${name.slice(base.length)}`;
}

/** Names of a pair's domains. A path may have a + of its own: only one in front of a name counts there. */
function splitPair(name: string): [a: string, b: string] | undefined {
  const hasPath = (word: string): boolean => word.startsWith(FOLDER) || word.startsWith(CIFAR10_FILE);
  const isName = (word: string): boolean => hasPath(word) || Object.hasOwn(datasets, parseSelection(word).base);
  for (let at = name.indexOf('+'); at >= 0; at = name.indexOf('+', at + 1)) {
    const [a, b] = [name.slice(0, at), name.slice(at + 1)];
    if (isName(b) || !hasPath(a)) return [a, b];
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
