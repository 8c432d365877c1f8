import { checkLength, DataError, readNpyHeader } from '@ganzoo/core';
import type { ByteArray } from './array.js';

const REMEDY = 'Replace it with the published file.';

/**
 * Reads an array of bytes in NumPy's NPY format: uint8 in C order.
 * @param bytes the whole .npy file
 * @param name how errors call the file
 * @throws {DataError} when the bytes are not such an array, or not all of it
 */
export function parseNpy(bytes: Uint8Array, name: string): ByteArray {
  const { descr, fortran, shape, start } = readNpyHeader(bytes, name, REMEDY);
  if (!/^[|<>=]?u1$/.test(descr) || fortran) {
    throw new DataError(`${name} holds '${descr}' in ${fortran ? 'Fortran' : 'C'} order; images and labels are uint8 in C order.`, { remedy: REMEDY });
  }
  const end = start + shape.reduce((size, side) => size * side, 1);
  checkLength(bytes, end, name, REMEDY);
  return { shape, data: bytes.subarray(start, end) };
}
