import { DataError } from '@ganzoo/core';
import type { PublishedFile } from '../files/archive.js';
import { checkHash, hashLike } from '../files/checksum.js';
import { decompressGzip, decompressNpz } from '../files/decompress.js';
import { readBytes } from '../files/read-bytes.js';
import type { ByteArray } from './array.js';
import { parseIdx } from './idx.js';
import { parseNpy } from './npy.js';

/** More bytes than any header in front of the data has. */
const HEADER = 1 << 16;

/**
 * Reads a published file and checks all that is known of it.
 * @param file its path
 * @param expected the shape that it must have
 * @param remedy what the reader can do when it is not the published file
 * @throws {DataError} when it cannot be read, is damaged, has another shape, or another checksum than published
 */
export async function readPublished(file: string, published: PublishedFile, expected: readonly number[], remedy: string): Promise<Uint8Array> {
  const bytes = await readBytes(file);
  // The content is read before the checksum is compared: "truncated" says more than "another checksum".
  const { shape, data } = await decode(bytes, file, expected);
  if (shape.join() !== expected.join()) {
    throw new DataError(`${file} holds an array of ${shape.join(' x ')} and not of ${expected.join(' x ')}.`, { remedy });
  }
  if (published.checksum) checkHash(published.checksum, hashLike(published.checksum, bytes), file, remedy);
  return data;
}

async function decode(bytes: Uint8Array, file: string, expected: readonly number[]): Promise<ByteArray> {
  const most = expected.reduce((size, side) => size * side, 1) + HEADER;
  if (file.endsWith('.npz')) return parseNpy(await decompressNpz(bytes, file, most), file);
  return parseIdx(await decompressGzip(bytes, file, most), file);
}
