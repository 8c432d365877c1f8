import { DataError } from '@ganzoo/core';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type CifarArchive, loadBatches } from '../src/cifar10/load.js';
import { loadDataset } from '../src/index.js';
import { hexOf, tarBytes } from './helpers/files.js';
import { realData } from './helpers/real-data.js';
import { folderWith } from './helpers/temporary.js';

const RECORD = 3073;
const PART = 'cifar10/data_batch_1_first4000.bin';

/** Records written out by the format's description: a label, then planes of red, green and blue. */
function batch(length: number, seed: number): Uint8Array {
  const bytes = Uint8Array.from({ length: length * RECORD }, (_, i) => (i * 31 + seed * 7) % 256);
  for (let index = 0; index < length; index++) bytes[index * RECORD] = (index + seed) % 10;
  return bytes;
}

const batches = { 'data_batch_1.bin': batch(4, 1), 'data_batch_2.bin': batch(4, 2), 'test_batch.bin': batch(4, 3) };
const packed = gzipSync(
  tarBytes([
    { path: 'small-bin/', type: '5' },
    { path: 'small-bin/readme.html', content: new Uint8Array(88) },
    ...Object.entries(batches).map(([name, content]) => ({ path: `small-bin/${name}`, content })),
  ]),
);
const small: CifarArchive = {
  name: 'small',
  folders: ['small', 'small-bin'],
  mirrors: ['http://127.0.0.1:9/'],
  archive: { file: 'small.tar.gz', bytes: packed.length, checksum: { kind: 'md5', hex: hexOf('md5', packed) } },
  prefix: 'small-bin/',
  batches: { train: ['data_batch_1.bin', 'data_batch_2.bin'], test: ['test_batch.bin'] },
  batchLength: 4,
};

async function failure(dataDir: string): Promise<DataError> {
  const error = await loadBatches(small, 'train', { dataDir }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DataError);
  return error as DataError;
}

beforeEach(() => vi.stubEnv('GANZOO_DATA', undefined));
afterEach(() => vi.unstubAllEnvs());

describe("CIFAR's batches", () => {
  it.each([
    ['in a folder', { 'small-bin/data_batch_1.bin': batches['data_batch_1.bin'], 'small-bin/data_batch_2.bin': batches['data_batch_2.bin'] }],
    ['packed', { 'small.tar.gz': packed }],
    ['partly in a folder, partly packed', { 'data_batch_2.bin': batches['data_batch_2.bin'], 'small/small.tar.gz': packed }],
  ])('are read %s', async (_, contents) => {
    const images = await loadBatches(small, 'train', { dataDir: folderWith(contents) });
    expect(Array.from({ length: images.length }, (__, i) => images.label(i))).toEqual([1, 2, 3, 4, 2, 3, 4, 5]);
    const image = images.image(5); // the second record of the second batch
    expect(image).toHaveLength(3072);
    for (const [y, x, c] of [[0, 0, 0], [0, 1, 2], [31, 31, 1]] as const) {
      expect(image[(y * 32 + x) * 3 + c]).toBe(batches['data_batch_2.bin'][RECORD + 1 + c * 1024 + y * 32 + x]);
    }
  });

  it('that are missing, of another length, or have labels that are no classes are refused by name', async () => {
    expect((await failure(folderWith({ 'data_batch_2.bin': batches['data_batch_2.bin'] }))).message).toMatch(/^'small' lacks data_batch_1.bin or small.tar.gz: not found in/);
    const short = folderWith({ ...batches, 'data_batch_1.bin': batches['data_batch_1.bin'].subarray(1) });
    expect((await failure(short)).message).toBe(`${path.join(short, 'data_batch_1.bin')} has ${4 * RECORD - 1} bytes instead of ${4 * RECORD}.`);
    const bytes = batches['data_batch_2.bin'].slice();
    bytes[2 * RECORD] = 10;
    const wrong = folderWith({ ...batches, 'data_batch_2.bin': bytes });
    expect((await failure(wrong)).message).toBe(`${path.join(wrong, 'data_batch_2.bin')} gives sample 2 the label 10; labels are 0 to 9.`);
  });

  it('packed by someone else are refused', async () => {
    const other = gzipSync(tarBytes(Object.entries(batches).map(([name, content]) => ({ path: `small-bin/${name}`, content }))));
    const error = await failure(folderWith({ 'small.tar.gz': other }));
    expect(error.message).toMatch(/small\.tar\.gz is not the published file: its md5 is /);
    expect(error.remedy).toContain('http://127.0.0.1:9/small.tar.gz');
  });
});

describe('a file of CIFAR records', () => {
  it('is a data set of its own, in three disjoint parts', async (context) => {
    const file = path.join(realData(context, PART), PART);
    const data = await loadDataset(`cifar10:${file}`);
    expect(data.spec).toMatchObject({ name: `cifar10:${file}`, shape: [32, 32, 3], classes: 10 });
    const sources = (['train', 'validation', 'test'] as const).map((split) => data.source(split));
    expect(sources.map(({ length }) => length)).toEqual([2858, 571, 571]);
    const seen = new Set<string>();
    const sums = [0, 0, 0];
    const counts = new Array<number>(10).fill(0);
    for (const source of sources) {
      const { values, labels } = await source.read(Array.from({ length: source.length }, (_, i) => i));
      for (let i = 0; i < source.length; i++) seen.add(hexOf('md5', new Uint8Array(values.slice(i * 3072, (i + 1) * 3072).buffer)));
      values.forEach((value, i) => (sums[i % 3] = (sums[i % 3] as number) + value));
      labels?.forEach((label) => (counts[label] = (counts[label] as number) + 1));
    }
    expect(seen.size).toBe(4000);
    // The means of CIFAR-10's training set, as the literature normalizes by them; of 4,000 images within 4 standard errors of .004.
    [0.4914, 0.4822, 0.4465].forEach((mean, c) => expect(Math.abs(((sums[c] as number) / (4000 * 1024) + 1) / 2 - mean)).toBeLessThan(0.016));
    counts.forEach((count) => expect(Math.abs(count - 400)).toBeLessThan(80));
  });

  it('starts with the frog and the truck that are known from everywhere', (context) => {
    const bytes = readFileSync(path.join(realData(context, PART), PART));
    expect(Array.from({ length: 10 }, (_, i) => bytes[i * RECORD])).toEqual([6, 9, 9, 4, 1, 1, 2, 7, 8, 3]);
    expect([59, 43, 50].map((red, x) => [red, bytes[1 + x]])).toEqual([[59, 59], [43, 43], [50, 50]]); // red of the frog's first pixels
  });

  it('in one channel is grey by the weights of ITU-R BT.601', async () => {
    const folder = folderWith({ 'own.bin': batch(14, 0) });
    const name = `cifar10:${path.join(folder, 'own.bin')}`;
    const [colour, grey] = [await loadDataset(name), await loadDataset(name, { channels: 1 })];
    const { values } = await colour.source('test').read([0]);
    const found = (await grey.source('test').read([0])).values;
    expect(found).toHaveLength(1024);
    found.forEach((value, i) => expect(value).toBeCloseTo(0.299 * (values[3 * i] as number) + 0.587 * (values[3 * i + 1] as number) + 0.114 * (values[3 * i + 2] as number), 6));
  });

  it('that is not there, has too few records or none is refused', async () => {
    const folder = folderWith({ 'few.bin': batch(13, 0), 'torn.bin': batch(20, 0).subarray(1), 'empty.bin': new Uint8Array(0) });
    await expect(loadDataset(`cifar10:${folder}/no.bin`)).rejects.toThrow('no.bin cannot be read: ENOENT');
    await expect(loadDataset(`cifar10:${folder}/few.bin`)).rejects.toThrow('few.bin has 13 records; at least 14 are needed.');
    await expect(loadDataset(`cifar10:${folder}/torn.bin`)).rejects.toThrow('torn.bin has 61459 bytes, which are not whole records of 3073.');
    await expect(loadDataset(`cifar10:${folder}/empty.bin`)).rejects.toThrow('empty.bin has 0 bytes, which are not whole records of 3073.');
  });
});
