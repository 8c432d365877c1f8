import { DataError } from '@ganzoo/core';
import type { ByteArray } from './array.js';

const REMEDY = 'Replace it with the published file.';
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY

/**
 * Reads an array in NumPy's NPY format (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html),
 * versions 1 to 3. Only uint8 in C order is read.
 * @param bytes the whole .npy file
 * @param name how errors call the file
 * @throws {DataError} when the bytes are not such an array, or not all of it
 */
export function parseNpy(bytes: Uint8Array, name: string): ByteArray {
  if (!MAGIC.every((byte, i) => bytes[i] === byte)) {
    throw new DataError(`${name} is not a NumPy array: it does not start with \\x93NUMPY.`, { remedy: REMEDY });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6] ?? 0;
  const headerAt = version === 1 ? 10 : 12;
  if (bytes.length < headerAt) throw truncated(name, headerAt, bytes.length);
  const start = headerAt + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (bytes.length < start) throw truncated(name, start, bytes.length);
  const header = new TextDecoder().decode(bytes.subarray(headerAt, start));
  const type = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const fortran = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const sizes = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (type === undefined || fortran === undefined || sizes === undefined) {
    throw new DataError(`${name} has a NumPy header that cannot be read: ${header.trim()}`, { remedy: REMEDY });
  }
  if (!/^[|<>=]?u1$/.test(type) || fortran === 'True') {
    throw new DataError(`${name} holds '${type}' in ${fortran === 'True' ? 'Fortran' : 'C'} order; images and labels are uint8 in C order.`, {
      remedy: REMEDY,
    });
  }
  const shape = sizes.split(',').map((side) => side.trim()).filter((side) => side !== '').map(Number);
  const end = start + shape.reduce((product, side) => product * side, 1);
  if (bytes.length < end) throw truncated(name, end, bytes.length);
  return { shape, data: bytes.subarray(start, end) };
}

function truncated(name: string, expected: number, actual: number): DataError {
  return new DataError(`${name} is truncated: it needs ${expected} bytes and has ${actual}.`, { remedy: REMEDY });
}
