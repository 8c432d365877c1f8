import { DataError } from '@ganzoo/core';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decompressGzip, decompressNpz } from '../src/idx/decompress.js';
import { npyBytes, zipBytes } from './helpers/files.js';

const content = Uint8Array.from({ length: 5000 }, (_, i) => (i * i) % 251);

/** The same bytes with one bit changed. */
function flipped(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.map((byte, i) => (i === at ? byte ^ 4 : byte));
}

describe('gzip', () => {
  const packed = gzipSync(content);

  it('gives back what was packed', async () => {
    expect(Uint8Array.from(await decompressGzip(packed, 'file'))).toEqual(content);
  });

  it('refuses what is not gzip, and an empty file', async () => {
    await expect(decompressGzip(content, 'file')).rejects.toThrow('file is not a gzip file.');
    await expect(decompressGzip(new Uint8Array(0), 'file')).rejects.toThrow('file is not a gzip file: it is empty.');
  });

  it('refuses a truncated file, wherever it ends', async () => {
    for (const length of [2, 9, 100, packed.length - 1]) {
      await expect(decompressGzip(packed.subarray(0, length), 'file')).rejects.toThrow('file is truncated');
    }
  });

  it('refuses a flipped bit, wherever it is in the data or the checksum', async () => {
    for (let at = 10; at < packed.length; at += 97) {
      await expect(decompressGzip(flipped(packed, at), 'file')).rejects.toThrow(DataError);
    }
    await expect(decompressGzip(flipped(packed, packed.length - 6), 'file')).rejects.toThrow('file is damaged: incorrect data check.');
  });
});

describe('npz', () => {
  const array = npyBytes([5000], content);
  const packed = zipBytes({ 'arr_0.npy': array });

  it('gives back the array that was packed', async () => {
    expect(Uint8Array.from(await decompressNpz(packed, 'file'))).toEqual(array);
  });

  it('refuses what is not ZIP, is truncated, or holds another number of arrays', async () => {
    await expect(decompressNpz(content, 'file')).rejects.toThrow('file is not an intact .npz file');
    await expect(decompressNpz(packed.subarray(0, packed.length - 30), 'file')).rejects.toThrow(DataError);
    await expect(decompressNpz(zipBytes({ a: array, b: array }), 'file')).rejects.toThrow('it holds 2 arrays instead of one');
    await expect(decompressNpz(zipBytes({}), 'file')).rejects.toThrow('it holds 0 arrays instead of one');
  });

  it('refuses a flipped bit in the data', async () => {
    for (let at = 60; at < packed.length - 100; at += 97) {
      await expect(decompressNpz(flipped(packed, at), 'file')).rejects.toThrow(DataError);
    }
  });
});
