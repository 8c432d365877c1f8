import { checkIndices, type Dataset, DataError, type DataSpec, type Source, type SplitName, UsageError } from '@ganzoo/core';
import { readFileSync } from 'node:fs';
import { checkLimit, oneOf } from './asked.js';
import type { DatasetDefinition, LoadOptions } from './definition.js';
import { decoder } from './folder/decoder.js';
import { type FolderListing, type ListedFile, listFolder } from './folder/list.js';
import { pictureShape, type WantedPixels } from './folder/pixels.js';
import { folderSplit, folderSplitSizes } from './folder/splits.js';

/** `folder:<path>` is a data set's name. */
export const FOLDER = 'folder:';

/**
 * A folder of PNG, JPEG and (with sharp installed) WebP files as a data set; its subfolders, if it has any, are classes. Without `size` all pictures
 * must have one size; with it the middle square of each is brought to it. Decoded pictures stay in memory, as bytes.
 * @param name `folder:<path>`
 * @throws {DataError} when the folder or its first picture cannot be read, or there are fewer than three pictures
 */
export function folderDataset(name: string): DatasetDefinition {
  const listing = listFolder(name.slice(FOLDER.length));
  const [first] = listing.files as [ListedFile];
  const [height, width, channels] = pictureShape(readFileSync(first.path), first.path);
  const definition: DatasetDefinition = {
    name,
    description: `The pictures in ${listing.root}.`,
    shape: [height, width, channels],
    sizes: [28, 32, 64, 128, 256],
    channels: channels === 1 ? [1, 3] : [3, 1],
    classes: listing.classNames.length,
    classNames: listing.classNames,
    splits: folderSplitSizes(listing.files.length),
    licence: 'unknown',
    sources: [],
    load: (options = {}) => loadFolder(definition, listing, options),
  };
  return definition;
}

async function loadFolder(definition: DatasetDefinition, listing: FolderListing, options: LoadOptions): Promise<Dataset> {
  const { name, shape, classNames } = definition;
  const { size, limit, splits = [] } = options;
  checkLimit(name, limit);
  if (size !== undefined && !(Number.isSafeInteger(size) && size > 0)) {
    throw new UsageError(`${size} is not a size for '${name}'.`, { remedy: 'Give a height (= width) in pixels.' });
  }
  const channels = oneOf(name, 'channels', definition.channels, options.channels) as 1 | 3;
  const [height, width] = size === undefined ? (shape as [number, number]) : [size, size];
  const spec: DataSpec = { name, kind: 'images', shape: [height, width, channels], ...(classNames.length > 0 && { classes: classNames.length, classNames }) };
  const wanted: WantedPixels = { dataset: name, shape: [height, width, channels], fit: size !== undefined, mayLoseColours: options.channels !== undefined };
  const kept = new Map<ListedFile, Promise<Uint8Array>>();
  const pixelsOf = (file: ListedFile): Promise<Uint8Array> => {
    const pixels = kept.get(file) ?? decoder.read(file.path, wanted);
    kept.set(file, pixels);
    return pixels;
  };
  const source = (split: SplitName): Source => folderSource(`${name} (${split})`, spec, membersOf(listing, split, limit), pixelsOf);
  for (const split of splits) for (const file of membersOf(listing, split, limit)) await pixelsOf(file);
  return {
    spec,
    source(split, domain = 'real') {
      if (domain === 'real') return source(split);
      throw new DataError(`'${name}' has no domain '${domain}'.`, { remedy: 'Use a data set of two domains, or a variant that needs one.' });
    },
  };
}

function membersOf({ files }: FolderListing, split: SplitName, limit = Infinity): ListedFile[] {
  return Array.from(folderSplit(split, files.length).slice(0, limit), (index) => files[index] as ListedFile);
}

function folderSource(name: string, spec: DataSpec, files: readonly ListedFile[], pixelsOf: (file: ListedFile) => Promise<Uint8Array>): Source {
  return {
    spec,
    length: files.length,
    async read(indices) {
      checkIndices(indices, files.length, name);
      const asked = Array.from(indices, (index) => files[index] as ListedFile);
      const pixels = await Promise.all(asked.map(pixelsOf));
      const values = new Float32Array(pixels.reduce((length, { length: more }) => length + more, 0));
      pixels.forEach((bytes, i) => bytes.forEach((byte, at) => (values[i * bytes.length + at] = byte / 127.5 - 1)));
      return spec.classes === undefined ? { values } : { values, labels: Int32Array.from(asked, ({ label }) => label as number) };
    },
  };
}
