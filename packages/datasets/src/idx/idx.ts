import { DataError } from '@ganzoo/core';
import type { ByteArray } from './array.js';

const UINT8 = 0x08;
const REMEDY = 'Replace it with the published file.';

/**
 * Reads the IDX format of MNIST (http://yann.lecun.com/exdb/mnist): two zero bytes, the type (8 is uint8), the rank,
 * the sizes as big-endian uint32, then the data. Only uint8 is read.
 * @param bytes the whole file, decompressed
 * @param name how errors call the file
 * @throws {DataError} when the bytes are not a complete IDX file of uint8, or go on after its end
 */
export function parseIdx(bytes: Uint8Array, name: string): ByteArray {
  if (bytes.length < 4) throw truncated(name, 'header', 4, bytes.length);
  const [zero, zeroAgain, type, rank] = bytes as unknown as [number, number, number, number];
  if (zero !== 0 || zeroAgain !== 0) {
    const magic = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    throw new DataError(`${name} is not an IDX file: it starts with the bytes ${magic} and not with 00 00.`, { remedy: REMEDY });
  }
  if (type !== UINT8) {
    throw new DataError(`${name} holds values of IDX type 0x${type.toString(16).padStart(2, '0')}; images and labels are of type 0x08 (uint8).`, {
      remedy: REMEDY,
    });
  }
  const start = 4 + 4 * rank;
  if (bytes.length < start) throw truncated(name, 'header', start, bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const size = shape.reduce((product, side) => product * side, 1);
  if (bytes.length < start + size) throw truncated(name, `data of ${shape.join(' x ')}`, start + size, bytes.length);
  if (bytes.length > start + size) {
    throw new DataError(`${name} goes on for ${bytes.length - start - size} bytes after its data of ${shape.join(' x ')}.`, { remedy: REMEDY });
  }
  return { shape, data: bytes.subarray(start) };
}

function truncated(name: string, part: string, expected: number, actual: number): DataError {
  return new DataError(`${name} is truncated: its ${part} needs ${expected} bytes and it has ${actual}.`, { remedy: REMEDY });
}
