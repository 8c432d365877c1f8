import { DataError } from '@ganzoo/core';
import type { LoadOptions } from '../definition.js';
import { type LocatedFile, obtain, replaceRemedy } from '../files/obtain.js';
import type { ImageBytes } from '../image-dataset.js';
import { NATIVE_SIDE } from '../placement.js';
import type { OfficialSplit } from '../splits.js';
import type { IdxArchive } from './archive.js';
import { readPublished } from './read.js';

const CLASSES = 10;

/**
 * An official split of an archive, from where `obtain` finds its files.
 * @throws {DataError} when a file is missing, damaged, not the published one, or cannot be downloaded
 */
export async function loadSplit(archive: IdxArchive, split: OfficialSplit, options: LoadOptions = {}): Promise<ImageBytes> {
  const { images, labels, length } = archive.splits[split];
  const [imageFile, labelFile] = (await obtain(archive, [images, labels], options)) as [LocatedFile, LocatedFile];
  const pixels = await readPublished(imageFile.path, imageFile.published, [length, NATIVE_SIDE, NATIVE_SIDE], replaceRemedy(archive, imageFile));
  const classes = await readPublished(labelFile.path, labelFile.published, [length], replaceRemedy(archive, labelFile));
  const wrong = classes.findIndex((label) => label >= CLASSES);
  if (wrong >= 0) {
    throw new DataError(`${labelFile.path} gives sample ${wrong} the label ${classes[wrong]}; labels are 0 to ${CLASSES - 1}.`, {
      remedy: replaceRemedy(archive, labelFile),
    });
  }
  const size = NATIVE_SIDE * NATIVE_SIDE;
  return {
    length,
    image: (index) => pixels.subarray(index * size, (index + 1) * size),
    label: (index) => classes[index] as number,
  };
}
