import { DataError } from '@ganzoo/core';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decompressGzip, decompressNpz } from '../src/files/decompress.js';
import { npyBytes, zipBytes } from './helpers/files.js';

const content = Uint8Array.from({ length: 5000 }, (_, i) => (i * i) % 251);

/** The same bytes with one bit changed. */
function flipped(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.map((byte, i) => (i === at ? byte ^ 4 : byte));
}

describe('gzip', () => {
  const packed = gzipSync(content);

  it('gives back what was packed', async () => {
    expect(Uint8Array.from(await decompressGzip(packed, 'file', 5000))).toEqual(content);
  });

  it('refuses what is not gzip, and an empty file', async () => {
    await expect(decompressGzip(content, 'file', 5000)).rejects.toThrow('file is not a gzip file.');
    await expect(decompressGzip(new Uint8Array(0), 'file', 5000)).rejects.toThrow('file is not a gzip file: it is empty.');
  });

  it('refuses a truncated file, wherever it ends', async () => {
    for (const length of [2, 9, 100, packed.length - 1]) {
      await expect(decompressGzip(packed.subarray(0, length), 'file', 5000)).rejects.toThrow('file is truncated');
    }
  });

  it('refuses a flipped bit, wherever it is in the data or the checksum', async () => {
    for (let at = 10; at < packed.length; at += 97) {
      await expect(decompressGzip(flipped(packed, at), 'file', 5000)).rejects.toThrow(DataError);
    }
    await expect(decompressGzip(flipped(packed, packed.length - 6), 'file', 5000)).rejects.toThrow('file is damaged: incorrect data check.');
  });
});

describe('a decompression bomb', () => {
  const zeros = new Uint8Array(128 << 20); // 128 MiB that gzip packs into 128 KiB

  it('is given up before it is unpacked', async () => {
    const bombs = { gzip: gzipSync(zeros), npz: zipBytes({ 'arr_0.npy': zeros }) };
    const before = process.resourceUsage().maxRSS;
    await expect(decompressGzip(bombs.gzip, 'bomb.gz', 5000)).rejects.toThrow('bomb.gz unpacks to more than the 5000 bytes that it should hold.');
    await expect(decompressNpz(bombs.npz, 'bomb.npz', 5000)).rejects.toThrow('bomb.npz unpacks to more than the 5000 bytes that it should hold.');
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(64 << 10); // in KiB
  });

  it('that says it is small is given up as well', async () => {
    const lying = zipBytes({ 'arr_0.npy': zeros });
    for (const signature of [0x04034b50, 0x02014b50]) lying.writeUInt32LE(4000, lying.indexOf(Buffer.of(...new Uint8Array(Uint32Array.of(signature).buffer))) + (signature === 0x04034b50 ? 22 : 24));
    const before = process.resourceUsage().maxRSS;
    await expect(decompressNpz(lying, 'bomb.npz', 5000)).rejects.toThrow(DataError);
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(64 << 10);
  });
});

describe('npz', () => {
  const array = npyBytes([5000], content);
  const packed = zipBytes({ 'arr_0.npy': array });

  it('gives back the array that was packed', async () => {
    expect(Uint8Array.from(await decompressNpz(packed, 'file', 10_000))).toEqual(array);
  });

  it('refuses what is not ZIP, is truncated, or holds another number of arrays', async () => {
    await expect(decompressNpz(content, 'file', 10_000)).rejects.toThrow('file is not an intact .npz file');
    await expect(decompressNpz(packed.subarray(0, packed.length - 30), 'file', 10_000)).rejects.toThrow(DataError);
    await expect(decompressNpz(zipBytes({ a: array, b: array }), 'file', 10_000)).rejects.toThrow('it holds more arrays than one');
    await expect(decompressNpz(zipBytes({}), 'file', 10_000)).rejects.toThrow('it holds no array');
  });

  it('refuses a flipped bit in the data', async () => {
    for (let at = 60; at < packed.length - 100; at += 97) {
      await expect(decompressNpz(flipped(packed, at), 'file', 10_000)).rejects.toThrow(DataError);
    }
  });
});
