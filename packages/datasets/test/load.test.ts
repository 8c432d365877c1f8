import { DataError } from '@ganzoo/core';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PublishedFile } from '../src/files/archive.js';
import type { IdxArchive } from '../src/idx/archive.js';
import { loadSplit } from '../src/idx/load.js';
import { hexOf, idxBytes, npyBytes, zipBytes } from './helpers/files.js';
import { sending, serve } from './helpers/server.js';
import { folderWith, temporaryFolder } from './helpers/temporary.js';

const pixels = Uint8Array.from({ length: 3 * 784 }, (_, i) => (i * 13) % 256);
const files = {
  'images.gz': gzipSync(idxBytes([3, 28, 28], pixels)),
  'labels.gz': gzipSync(idxBytes([3], [9, 0, 4])),
  'images.npz': zipBytes({ 'arr_0.npy': npyBytes([3, 28, 28], pixels) }),
  'labels.npz': zipBytes({ 'arr_0.npy': npyBytes([3], [9, 0, 4]) }),
};
type FileName = keyof typeof files;

const published = (file: FileName): PublishedFile => ({ file, checksum: { kind: 'sha256', hex: hexOf('sha256', files[file]) } });
const splitFiles = {
  length: 3,
  images: [published('images.gz'), published('images.npz')],
  labels: [published('labels.gz'), published('labels.npz')],
};
const tiny: IdxArchive = {
  name: 'tiny',
  folders: ['tiny', 'other/tiny'],
  mirrors: ['http://127.0.0.1:9/'],
  splits: { train: splitFiles, test: splitFiles },
};

async function failure(archive: IdxArchive, dataDir: string): Promise<DataError> {
  const error = await loadSplit(archive, 'test', { dataDir }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DataError);
  return error as DataError;
}

const { 'images.gz': images, 'labels.gz': labels } = files;

beforeEach(() => vi.stubEnv('GANZOO_DATA', undefined));
afterEach(() => vi.unstubAllEnvs());

describe('a data folder', () => {
  it.each([
    ['itself', { 'images.gz': images, 'labels.gz': labels }],
    ["in the data set's folder", { 'tiny/images.gz': images, 'tiny/labels.gz': labels }],
    ['in another known folder', { 'other/tiny/images.gz': images, 'other/tiny/labels.gz': labels }],
    ['as NumPy arrays', { 'tiny/images.npz': files['images.npz'], 'tiny/labels.npz': files['labels.npz'] }],
  ])('is read when the files are there: %s', async (_, contents) => {
    const split = await loadSplit(tiny, 'test', { dataDir: folderWith(contents) });
    expect(split.length).toBe(3);
    expect(split.image(2)).toEqual(pixels.subarray(2 * 784));
    expect([0, 1, 2].map((i) => split.label(i))).toEqual([9, 0, 4]);
  });

  it('is taken from GANZOO_DATA when the call names none', async () => {
    vi.stubEnv('GANZOO_DATA', folderWith({ 'images.gz': images, 'labels.gz': labels }));
    expect((await loadSplit(tiny, 'test')).length).toBe(3);
  });

  it("prefers the data set's own folder to the root, which may hold another data set's files of the same names", async () => {
    const root = gzipSync(idxBytes([3, 28, 28], new Uint8Array(3 * 784)));
    const dataDir = folderWith({ 'images.gz': root, 'tiny/images.gz': images, 'tiny/labels.gz': labels });
    expect((await loadSplit(tiny, 'test', { dataDir })).image(0)).toEqual(pixels.subarray(0, 784));
  });

  it('that is not there is named', async () => {
    const error = await failure(tiny, path.join(temporaryFolder(), 'nowhere'));
    expect(error.message).toMatch(/^The data folder .*nowhere does not exist/);
  });

  it('that lacks files: each is named with all its forms, and where to put it', async () => {
    const dataDir = folderWith({ 'labels.gz': labels });
    const error = await failure(tiny, dataDir);
    expect(error.message).toBe(`'tiny' lacks images.gz or images.npz: not found in ${dataDir} and its folders tiny, other/tiny.`);
    expect(error.remedy).toContain(`Put the file into ${path.join(dataDir, 'tiny')}`);
    expect((await failure(tiny, folderWith({}))).message).toContain("'tiny' lacks images.gz or images.npz, and labels.gz or labels.npz");
  });

  it('with a folder in the place of a file', async () => {
    const dataDir = folderWith({ 'images.gz/x': labels, 'labels.gz': labels });
    expect((await failure(tiny, dataDir)).message).toMatch(/images.gz cannot be read/);
  });
});

describe('a file that is not the published one', () => {
  const withImages = (bytes: Uint8Array) => failure(tiny, folderWith({ 'images.gz': bytes, 'labels.gz': labels }));

  it('is refused by what is wrong with it', async () => {
    expect((await withImages(images.subarray(0, images.length - 20))).message).toMatch(/images\.gz is truncated: the gzip data end too early\.$/);
    expect((await withImages(idxBytes([3, 28, 28], pixels))).message).toMatch(/images\.gz is not a gzip file\.$/);
    expect((await withImages(images.map((byte, i) => (i === images.length - 5 ? byte ^ 1 : byte)))).message).toMatch(/images\.gz is damaged/);
    expect((await withImages(gzipSync('GIF89a  '))).message).toMatch(/images\.gz is not an IDX file/);
    expect((await withImages(gzipSync(idxBytes([3, 28, 28], pixels).subarray(0, 999)))).message).toMatch(/images\.gz is truncated: its data/);
    expect((await withImages(labels)).message).toMatch(/images\.gz holds an array of 3 and not of 3 x 28 x 28\.$/);
  });

  it('is refused for its checksum when all else is right, with the remedy', async () => {
    const bytes = gzipSync(idxBytes([3, 28, 28], pixels.map((byte) => 255 - byte)));
    const error = await withImages(bytes);
    expect(error.message).toMatch(/images\.gz is not the published file: its sha256 is [0-9a-f]{64} and not [0-9a-f]{64}\.$/);
    expect(error.message).toContain(hexOf('sha256', bytes));
    expect(error.remedy).toContain('Replace it with a fresh copy of http://127.0.0.1:9/images.gz');
  });

  it('is refused for labels that are no class, where no checksum is published', async () => {
    const unchecked: IdxArchive = { ...tiny, splits: { ...tiny.splits, test: { ...splitFiles, labels: [{ file: 'labels.gz' }] } } };
    const dataDir = folderWith({ 'images.gz': images, 'labels.gz': gzipSync(idxBytes([3], [1, 10, 2])) });
    expect((await failure(unchecked, dataDir)).message).toMatch(/labels\.gz gives sample 1 the label 10; labels are 0 to 9\.$/);
  });
});

describe('without a data folder', () => {
  it("the files are downloaded to the user's cache once", async () => {
    const cache = temporaryFolder();
    vi.stubEnv('GANZOO_CACHE', cache);
    const server = await serve((request, response, n) => sending(files[(request.url as string).slice(1) as FileName])(request, response, n));
    const archive: IdxArchive = { ...tiny, mirrors: [new URL('/', server.url).href] };
    const progress: string[] = [];
    for (let i = 0; i < 2; i++) {
      const split = await loadSplit(archive, 'test', { onProgress: ({ file }) => progress.push(file) });
      expect(split.label(0)).toBe(9);
    }
    expect(server.ranges).toHaveLength(2);
    expect(new Set(progress)).toEqual(new Set(['tiny/images.gz', 'tiny/labels.gz']));
    expect(readFileSync(path.join(cache, 'datasets', 'tiny', 'labels.gz'))).toEqual(labels);
  });

  it('and without a network, the error names the file and the folder to put it into', async () => {
    const cache = temporaryFolder();
    vi.stubEnv('GANZOO_CACHE', cache);
    const error = (await loadSplit(tiny, 'test').catch((reason: unknown) => reason)) as DataError;
    expect(error.message).toMatch(/^tiny\/images\.gz could not be downloaded: http:\/\/127\.0\.0\.1:9\/images\.gz /);
    expect(error.remedy).toContain(`put images.gz into ${path.join(cache, 'datasets', 'tiny')} yourself`);
  });
});
