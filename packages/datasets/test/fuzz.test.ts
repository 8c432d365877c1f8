import { DataError } from '@ganzoo/core';
import { encode } from 'fast-png';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { type FuzzTarget, fuzz } from '../../../tools/fuzz.shared.js';
import { parseRecords } from '../src/cifar10/records.js';
import { decompressGzip, decompressNpz } from '../src/files/decompress.js';
import { readTarMembers } from '../src/files/tar.js';
import { decodePicture } from '../src/folder/picture.js';
import { parseIdx } from '../src/idx/idx.js';
import { parseNpy } from '../src/idx/npy.js';
import { idxBytes, npyBytes, tarBytes, zipBytes } from './helpers/files.js';

const pixels = Uint8Array.from({ length: 4 * 784 }, (_, i) => (i * i) % 251);
const png = (options: Partial<Parameters<typeof encode>[0]> = {}): Uint8Array => encode({ width: 28, height: 28, channels: 1, data: pixels.subarray(0, 784), ...options });
const records = Uint8Array.from({ length: 4 * 3073 }, (_, i) => (i % 3073 === 0 ? i % 10 : (i * 31) % 256));
const tar = tarBytes([{ path: 'set/', type: '5' }, { path: 'set/note', content: pixels.subarray(0, 90) }, { path: 'set/a.bin', content: pixels }]);

/** Chunks with a right CRC, so that damage gets past it. */
function withCrcs(bytes: Uint8Array): Uint8Array {
  const out = Buffer.from(bytes);
  for (let at = 8; at + 12 <= out.length; ) {
    const end = at + 12 + out.readUInt32BE(at);
    if (end > out.length) break;
    out.writeUInt32BE(crc32(out.subarray(at + 4, end - 4)), end - 4);
    at = end;
  }
  return out;
}

const folder = mkdtempSync(path.join(tmpdir(), 'ganzoo-fuzz-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function readTar(bytes: Uint8Array): Promise<unknown> {
  const file = path.join(folder, 'fuzzed.tar.gz');
  writeFileSync(file, gzipSync(bytes, { level: 1 }));
  return readTarMembers(file, { members: new Map([['set/a.bin', pixels.length]]), most: 1 << 16, remedy: '' });
}

const targets: Record<string, Omit<FuzzTarget, 'isRefusal'>> = {
  IDX: { intact: [idxBytes([4, 28, 28], pixels), idxBytes([4], [1, 2, 3, 4])], parse: (bytes) => parseIdx(bytes, 'file') },
  gzip: { intact: [gzipSync(pixels), gzipSync(new Uint8Array(1 << 20)), gzipSync(pixels, { level: 0 })], parse: (bytes) => decompressGzip(bytes, 'file', pixels.length) },
  'CIFAR records': { intact: [records, records.subarray(0, 3073)], parse: (bytes) => parseRecords(bytes, 'file', '') },
  'npy of bytes': { intact: [npyBytes([4, 28, 28], pixels), npyBytes([4], [1, 2, 3, 4])], parse: (bytes) => parseNpy(bytes, 'file') },
  npz: { intact: [zipBytes({ 'arr_0.npy': npyBytes([4, 28, 28], pixels) })], parse: (bytes) => decompressNpz(bytes, 'file', 4000) },
  tar: { intact: [tar], parse: readTar },
  PNG: {
    intact: [png(), png({ channels: 3, data: pixels.subarray(0, 3 * 784) }), png({ channels: 4, data: pixels }), png({ depth: 16, data: new Uint16Array(784) })],
    parse: (bytes) => (decodePicture(bytes, 'file'), decodePicture(withCrcs(bytes), 'file')),
  },
  'PNG past its CRC': { intact: [png(), png({ channels: 4, data: pixels })], parse: (bytes) => decodePicture(withCrcs(bytes), 'file') },
};

/** By which a process may grow over all runs, besides what is declared to be in the files, in MiB. */
const MOST_GROWTH = 64;

describe('damaged files', () => {
  it.each(Object.entries(targets))('%s: are read or refused, quickly and in little memory', { timeout: 3_600_000 }, async (name, target) => {
    const report = await fuzz({ ...target, isRefusal: (error) => error instanceof DataError });
    if (process.env.FUZZ_RUNS !== undefined) console.log(name, report);
    expect(report.refused).toBeGreaterThan(0.05);
    expect(report.slowest).toBeLessThan(1000);
    expect(report.growth).toBeLessThan(MOST_GROWTH);
  });
});
