import { DataError } from '@ganzoo/core';
import type { ImageBytes } from '../image-dataset.js';

export const SIDE = 32;
const CLASSES = 10;
const PIXELS = SIDE * SIDE;
/** Bytes of a record: a label, then a plane each of red, green and blue. */
export const RECORD = 1 + 3 * PIXELS;

/**
 * Reads records of CIFAR-10's binary version (https://www.cs.toronto.edu/~kriz/cifar.html).
 * @param name how errors call the file
 * @throws {DataError} when the bytes are not whole records, or a label is no class
 */
export function parseRecords(bytes: Uint8Array, name: string, remedy: string): ImageBytes {
  const length = bytes.length / RECORD;
  if (!Number.isInteger(length) || length === 0) {
    throw new DataError(`${name} has ${bytes.length} bytes, which are not whole records of ${RECORD}.`, { remedy });
  }
  for (let index = 0; index < length; index++) {
    const label = bytes[index * RECORD] as number;
    if (label >= CLASSES) throw new DataError(`${name} gives sample ${index} the label ${label}; labels are 0 to ${CLASSES - 1}.`, { remedy });
  }
  return {
    length,
    label: (index) => bytes[index * RECORD] as number,
    image(index) {
      const start = index * RECORD + 1;
      const image = new Uint8Array(3 * PIXELS);
      for (let pixel = 0; pixel < PIXELS; pixel++) {
        image[3 * pixel] = bytes[start + pixel] as number;
        image[3 * pixel + 1] = bytes[start + PIXELS + pixel] as number;
        image[3 * pixel + 2] = bytes[start + 2 * PIXELS + pixel] as number;
      }
      return image;
    },
  };
}

/** The images of several files, one file after the other, each of the same number. */
export function concatenated(files: readonly ImageBytes[]): ImageBytes {
  const [{ length }] = files as [ImageBytes];
  const file = (index: number): ImageBytes => files[Math.floor(index / length)] as ImageBytes;
  return { length: length * files.length, image: (index) => file(index).image(index % length), label: (index) => file(index).label(index % length) };
}
