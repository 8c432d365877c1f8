import { DataError, Random } from '@ganzoo/core';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { cifar10 } from './cifar10.js';
import { parseRecords } from './cifar10/records.js';
import type { DatasetDefinition } from './definition.js';
import { imageDataset, type ImageBytes } from './image-dataset.js';
import { splitSizes } from './splits.js';

/** `cifar10:<path>` is a data set's name. */
export const CIFAR10_FILE = `${cifar10.name}:`;

/** One record of seven is kept for the test, as in MNIST; of the rest, as ever, one of six for validation. */
const TEST_SHARE = 1 / 7;
const FEWEST = 14;

/**
 * A file of records in CIFAR-10's binary format as a data set of its own: a part of CIFAR-10, or other pictures in its form.
 * @param name `cifar10:<path>`
 * @throws {DataError} when the file cannot be read, does not consist of such records, or of too few
 */
export function cifar10File(name: string): DatasetDefinition {
  const file = path.resolve(name.slice(CIFAR10_FILE.length));
  const records = parseRecords(readBytes(file), file, "Give a file of CIFAR-10's binary version, or a part of one.");
  if (records.length < FEWEST) {
    throw new DataError(`${file} has ${records.length} records; at least ${FEWEST} are needed.`, { remedy: 'Give a file with more: it is divided into train, validation and test.' });
  }
  const test = Math.floor(records.length * TEST_SHARE);
  const official = { train: records.length - test, test };
  const order = Random.of('datasets', 'records', records.length).permutation(records.length);
  const parts = { train: part(records, order.subarray(test)), test: part(records, order.subarray(0, test)) };
  const definition: DatasetDefinition = {
    ...cifar10,
    name,
    description: `The ${records.length} records in ${file}.`,
    splits: splitSizes(official),
    licence: 'unknown',
    sources: [],
    load: (options = {}) => imageDataset(definition, official, async (split) => parts[split], options),
  };
  return definition;
}

function part(records: ImageBytes, indices: Uint32Array): ImageBytes {
  const at = (index: number): number => indices[index] as number;
  return { length: indices.length, image: (index) => records.image(at(index)), label: (index) => records.label(at(index)) };
}

function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new DataError(`${file} cannot be read: ${(cause as Error).message}.`, { remedy: `Give a file that exists, as ${CIFAR10_FILE}<path>.`, cause });
  }
}
