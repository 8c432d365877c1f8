import { DataError } from '@ganzoo/core';
import type { LoadOptions } from '../definition.js';
import type { Archive, PublishedFile } from '../files/archive.js';
import { type LocatedFile, obtain, replaceRemedy } from '../files/obtain.js';
import { readBytes } from '../files/read-bytes.js';
import { readTarMembers } from '../files/tar.js';
import type { ImageBytes } from '../image-dataset.js';
import type { OfficialSplit } from '../splits.js';
import { concatenated, parseRecords, RECORD } from './records.js';

/** A data set in the files of CIFAR-10's binary version: batches of records, in a folder or in one .tar.gz. */
export interface CifarArchive extends Archive {
  readonly archive: PublishedFile;
  /** Path within the archive in front of a batch's name. */
  readonly prefix: string;
  readonly batches: Readonly<Record<OfficialSplit, readonly string[]>>;
  /** Images in each batch. */
  readonly batchLength: number;
}

/** What the archive holds besides batches (a page and a list of names), and tar's own headers and padding. */
const BESIDES = 1 << 20;

/**
 * An official split, from its batches or from the archive with all of them, wherever `obtain` finds these.
 * @throws {DataError} when a file is missing, damaged, not the published one, or cannot be downloaded
 */
export async function loadBatches(set: CifarArchive, split: OfficialSplit, options: LoadOptions = {}): Promise<ImageBytes> {
  const names = set.batches[split];
  const located = await obtain(set, names.map((file) => [{ file }, set.archive]), options);
  const packed = located.find(({ published }) => published === set.archive);
  const members = packed && (await readPacked(set, packed, names.filter((_, i) => located[i]?.published === set.archive)));
  const batches: ImageBytes[] = [];
  for (const [i, name] of names.entries()) {
    const one = located[i] as LocatedFile;
    const bytes = members?.get(set.prefix + name) ?? (await readBatch(set, one));
    batches.push(parseRecords(bytes, one === packed ? `${name} in ${one.path}` : one.path, replaceRemedy(set, { ...one, published: set.archive })));
  }
  return concatenated(batches);
}

async function readPacked(set: CifarArchive, { path, published }: LocatedFile, names: readonly string[]): Promise<Map<string, Uint8Array>> {
  const bytes = set.batchLength * RECORD;
  return readTarMembers(path, {
    members: new Map(names.map((name) => [set.prefix + name, bytes])),
    most: (set.batches.train.length + set.batches.test.length) * bytes + BESIDES,
    checksum: published.checksum,
    remedy: replaceRemedy(set, { path, published }),
  });
}

async function readBatch(set: CifarArchive, { path }: LocatedFile): Promise<Uint8Array> {
  const bytes = await readBytes(path);
  const expected = set.batchLength * RECORD;
  if (bytes.length !== expected) {
    throw new DataError(`${path} has ${bytes.length} bytes instead of ${expected}.`, { remedy: replaceRemedy(set, { path, published: set.archive }) });
  }
  return bytes;
}
