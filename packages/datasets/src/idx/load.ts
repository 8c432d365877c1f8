import { DataError } from '@ganzoo/core';
import { cachePath } from '@ganzoo/core/node';
import path from 'node:path';
import type { Checksum } from '../checksum.js';
import type { LoadOptions } from '../definition.js';
import { download } from '../download.js';
import type { ImageBytes } from '../image-dataset.js';
import { NATIVE_SIDE } from '../placement.js';
import type { OfficialSplit } from '../splits.js';
import type { Archive, PublishedFile } from './archive.js';
import { addresses } from './archive.js';
import type { LocatedFile } from './locate.js';
import { locateInFolder } from './locate.js';
import { readPublished } from './read.js';

const CLASSES = 10;

/**
 * An official split of an archive: from `dataDir` or GANZOO_DATA where one is given, else from the user's cache,
 * into which it is downloaded when it is not there.
 * @throws {DataError} when a file is missing, damaged, not the published one, or cannot be downloaded
 */
export async function loadSplit(archive: Archive, split: OfficialSplit, options: LoadOptions = {}): Promise<ImageBytes> {
  const { images, labels, length } = archive.splits[split];
  const dataDir = options.dataDir ?? (process.env.GANZOO_DATA || undefined);
  const [imageFile, labelFile] = (dataDir === undefined
    ? [await fetchToCache(archive, images, options), await fetchToCache(archive, labels, options)]
    : await locateInFolder(dataDir, archive, [images, labels])) as [LocatedFile, LocatedFile];
  const pixels = await readPublished(imageFile.path, imageFile.published, [length, NATIVE_SIDE, NATIVE_SIDE], remedy(archive, imageFile));
  const classes = await readPublished(labelFile.path, labelFile.published, [length], remedy(archive, labelFile));
  const wrong = classes.findIndex((label) => label >= CLASSES);
  if (wrong >= 0) {
    throw new DataError(`${labelFile.path} gives sample ${wrong} the label ${classes[wrong]}; labels are 0 to ${CLASSES - 1}.`, {
      remedy: remedy(archive, labelFile),
    });
  }
  const size = NATIVE_SIDE * NATIVE_SIDE;
  return {
    length,
    image: (index) => pixels.subarray(index * size, (index + 1) * size),
    label: (index) => classes[index] as number,
  };
}

/** A file in the user's cache. What has no published checksum is never downloaded. */
async function fetchToCache(archive: Archive, forms: readonly PublishedFile[], options: LoadOptions): Promise<LocatedFile> {
  const published = forms.find(hasChecksum);
  if (published === undefined) throw new TypeError(`No form of ${forms[0]?.file} has a checksum.`);
  const target = cachePath('datasets', archive.name, published.file);
  await download({
    name: `${archive.name}/${published.file}`,
    urls: addresses(archive, published.file),
    target,
    checksum: published.checksum,
    bytes: published.bytes,
    onProgress: options.onProgress,
    stallTimeoutMs: options.stallTimeoutMs,
  });
  return { path: target, published };
}

function hasChecksum(published: PublishedFile): published is PublishedFile & { checksum: Checksum } {
  return published.checksum !== undefined;
}

function remedy(archive: Archive, { path: file, published }: LocatedFile): string {
  const [url] = addresses(archive, published.file);
  return `Replace it with a fresh copy of ${url}; if it belongs to another data set, put that copy into a folder ${archive.name} beside it instead of ${path.dirname(file)}.`;
}
