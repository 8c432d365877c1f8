import { DataError, UsageError } from '@ganzoo/core';
import { encode } from 'fast-png';
import jpeg from 'jpeg-js';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { fitSquare } from '../src/folder/fit.js';
import { decodePicture } from '../src/folder/picture.js';
import { pictureShape } from '../src/folder/pixels.js';
import { decodeWebp } from '../src/folder/webp.js';
import { findDataset, loadDataset } from '../src/index.js';
import { temporaryFolder } from './helpers/temporary.js';

/** A PNG whose every value is `value`. */
const flat = (value: number, width = 4, height = 4, channels = 1): Uint8Array =>
  encode({ width, height, channels, data: new Uint8Array(width * height * channels).fill(value) });

async function folderOf(files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  const root = await temporaryFolder();
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), bytes);
  }
  return root;
}

const numbered = (count: number, make = (i: number): Uint8Array => flat(i)): Record<string, Uint8Array> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${String(i).padStart(3, '0')}.png`, make(i)]));

async function everything(root: string, options = {}): Promise<{ values: number[]; labels: number[] }[]> {
  const data = await loadDataset(`folder:${root}`, options);
  return Promise.all(
    (['train', 'validation', 'test'] as const).map(async (split) => {
      const source = data.source(split);
      const { values, labels = new Int32Array(0) } = await source.read(Array.from({ length: source.length }, (_, i) => i));
      return { values: [...values], labels: [...labels] };
    }),
  );
}

describe('a folder of pictures', () => {
  it('is split into disjoint random parts, the same at every time', async () => {
    const root = await folderOf(numbered(21));
    const parts = await everything(root);
    // pictures of 4 x 4 equal pixels of value i: which pictures a part has shows in every 16th value
    const members = parts.map(({ values }) => values.filter((_, i) => i % 16 === 0).map((value) => Math.round((value + 1) * 127.5)));
    expect(members.map(({ length }) => length)).toEqual([15, 3, 3]);
    expect(members.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 21 }, (_, i) => i));
    expect(members.flat()).not.toEqual(Array.from({ length: 21 }, (_, i) => i));
    expect(await everything(root)).toEqual(parts);
    expect(findDataset(`folder:${root}`)).toMatchObject({ shape: [4, 4, 1], classes: 0, splits: { train: 15, validation: 3, test: 3 } });
  });

  it('has its subfolders as classes', async () => {
    const files = { 'cats/1.png': flat(0), 'cats/2.png': flat(0), 'dogs/more/1.png': flat(51), 'dogs/2.PNG': flat(51), 'dogs/.hidden.png': flat(9), 'notes.txt': flat(9) };
    const root = await folderOf(files);
    const data = await loadDataset(`folder:${root}`);
    expect(data.spec).toEqual({ name: `folder:${root}`, kind: 'images', shape: [4, 4, 1], classes: 2, classNames: ['cats', 'dogs'] });
    for (const { values, labels } of await everything(root)) {
      labels.forEach((label, i) => expect(values[i * 16]).toBeCloseTo(label === 0 ? -1 : -0.6, 6)); // 51 / 127.5 - 1
    }
  });

  it('is brought to a size: the middle square, reduced by triangles, enlarged linearly', () => {
    const row = (...values: number[]) => ({ width: 4, height: 4, channels: 1 as const, data: Uint8Array.from([values, values, values, values].flat()) });
    // 4 -> 2 pixels: triangles of reach 2 around 1 and 3, cut at the border: weights 3, 3, 1 of 7 and 1, 3, 3 of 7
    expect([...fitSquare(row(70, 140, 210, 0), 2).data]).toEqual([120, 110, 120, 110]);
    const two = { width: 2, height: 2, channels: 1 as const, data: Uint8Array.of(0, 100, 0, 100) };
    expect([...fitSquare(two, 4).data]).toEqual([0, 25, 75, 100, 0, 25, 75, 100, 0, 25, 75, 100, 0, 25, 75, 100]);
    const wide = { width: 4, height: 2, channels: 3 as const, data: Uint8Array.from({ length: 24 }, (_, i) => i) };
    expect([...fitSquare(wide, 2).data]).toEqual([3, 4, 5, 6, 7, 8, 15, 16, 17, 18, 19, 20]);
    const turned = { width: 2, height: 4, channels: 1 as const, data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) };
    expect([...fitSquare(turned, 2).data]).toEqual([3, 4, 5, 6]);
  });

  it('comes at a size and with channels as asked', async () => {
    const root = await folderOf(numbered(3, (i) => encode({ width: 6, height: 4 + i, channels: 3, data: Uint8Array.from({ length: 6 * (4 + i) * 3 }, (_, at) => [200, 100, 50][at % 3] as number) })));
    const data = await loadDataset(`folder:${root}`, { size: 8, channels: 1 });
    expect(data.spec.shape).toEqual([8, 8, 1]);
    const { values } = await data.source('train').read([0]);
    expect(values).toHaveLength(64);
    expect(values[9]).toBeCloseTo(124 / 127.5 - 1, 6); // .299 200 + .587 100 + .114 50 = 124.2
    const coloured = await loadDataset(`folder:${root}`, { size: 8 });
    expect(coloured.spec.shape).toEqual([8, 8, 3]);
  });

  it.each([
    ['pictures of several sizes', { ...numbered(3), '9.png': flat(0, 5, 4) }, {}, /9\.png has 5 x 4 pixels, the first picture of .* has 4 x 4/],
    ['colours among grey pictures', { ...numbered(3), '9.png': flat(0, 4, 4, 3) }, {}, /9\.png has colours/],
    ['a file that is no picture', { ...numbered(3), '9.png': Uint8Array.of(1, 2, 3) }, {}, /9\.png is neither a PNG nor a JPEG file/],
    ['a truncated picture', { ...numbered(3), '9.png': flat(0).subarray(0, 40) }, {}, /9\.png cannot be decoded/],
    ['too few pictures', numbered(2), {}, /has 2 pictures; at least 3 are needed/],
    ['pictures beside its classes', { ...numbered(3), 'a/1.png': flat(0) }, {}, /has pictures in subfolders, such as 'a', and beside them, such as 000\.png/],
  ])('is refused with %s', async (_, files, options, message) => {
    const root = await folderOf(files);
    const loading = async (): Promise<unknown> => loadDataset(`folder:${root}`, { ...options, splits: ['train', 'validation', 'test'] });
    await expect(loading()).rejects.toThrow(DataError);
    await expect(loading()).rejects.toThrow(message);
  });

  it('that does not exist is refused, and so are wrong options', async () => {
    await expect(loadDataset('folder:/no/such/folder')).rejects.toThrow('The folder /no/such/folder cannot be read');
    const name = `folder:${await folderOf(numbered(3))}`;
    await expect(loadDataset(name, { size: 0 })).rejects.toThrow(UsageError);
    await expect(loadDataset(name, { channels: 2 })).rejects.toThrow(UsageError);
    await expect(loadDataset(name, { limit: -1 })).rejects.toThrow(UsageError);
    const data = await loadDataset(name);
    expect(() => data.source('train', 'a')).toThrow(DataError);
  });
});

describe('pictures', () => {
  it('of 16 bits, with alpha or with a palette become 8 bits of grey or colour', () => {
    const wide = encode({ width: 2, height: 1, channels: 1, depth: 16, data: Uint16Array.of(65535, 257 * 40) });
    expect(decodePicture(wide, 'x')).toEqual({ width: 2, height: 1, channels: 1, data: Uint8Array.of(255, 40) });
    const clear = encode({ width: 2, height: 1, channels: 4, data: Uint8Array.of(10, 20, 30, 255, 100, 200, 50, 51) });
    expect(decodePicture(clear, 'x')).toEqual({ width: 2, height: 1, channels: 3, data: Uint8Array.of(10, 20, 30, 20, 40, 10) });
    // Written with Python's zlib: 3 x 1 pixels of 2 bits, 0b10_00_01_00; first with the palette red, green, blue, then grey
    const indexed = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAMAAAABAgMAAABmjvwnAAAACVBMVEX/AAAA/wAAAP8tSs2KAAAACklEQVR4nGNoAQAAhgCFvPXN1gAAAABJRU5ErkJggg==', 'base64');
    expect([...decodePicture(indexed, 'x').data]).toEqual([0, 0, 255, 255, 0, 0, 0, 255, 0]);
    const grey = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAMAAAABAgAAAAB0O1PJAAAACklEQVR4nGNoAQAAhgCFvPXN1gAAAABJRU5ErkJggg==', 'base64');
    expect([...decodePicture(grey, 'x').data]).toEqual([170, 0, 85]);
  });

  it('in JPEG come close to what was encoded', () => {
    const data = new Uint8Array(16 * 16 * 4);
    for (let i = 0; i < data.length; i += 4) data.set([200, 120, 40, 255], i);
    const { width, height, channels, data: decoded } = decodePicture(jpeg.encode({ width: 16, height: 16, data }, 95).data, 'x');
    expect([width, height, channels]).toEqual([16, 16, 3]);
    decoded.forEach((value, i) => expect(Math.abs(value - ([200, 120, 40][i % 3] as number))).toBeLessThanOrEqual(3));
  });
});

describe('WebP files', () => {
  const picture = (format: 'lossy' | 'lossless' | 'alpha'): Promise<Uint8Array> => {
    const channels = format === 'alpha' ? 4 : 3;
    const data = Uint8Array.from({ length: 20 * 16 * channels }, (_, i) => (i % channels === 3 ? 51 : [200, 120, 40][i % channels] as number));
    return sharp(data, { raw: { width: 20, height: 16, channels } }).webp(format === 'lossy' ? { quality: 90 } : { lossless: true, exact: true }).toBuffer();
  };

  it.each([
    ['lossless', [200, 120, 40], 0],
    ['lossy', [200, 120, 40], 6],
    ['alpha', [40, 24, 8], 0], // a fifth of the colour, on black
  ] as const)('that are %s are read, with sharp', async (format, colour, tolerance) => {
    const bytes = await picture(format);
    expect(pictureShape(bytes, 'x')).toEqual([16, 20, 3]);
    const { width, height, channels, data } = await decodeWebp(bytes, 'x');
    expect([width, height, channels, data.length]).toEqual([20, 16, 3, 960]);
    data.forEach((value, i) => expect(Math.abs(value - (colour[i % 3] as number))).toBeLessThanOrEqual(tolerance));
  });

  it('in a folder have the size that their headers say', async () => {
    const root = await folderOf({ 'a.webp': await picture('lossy'), 'b.webp': await picture('lossless'), 'c.webp': await picture('alpha') });
    const data = await loadDataset(`folder:${root}`);
    expect(data.spec.shape).toEqual([16, 20, 3]);
    const { values } = await data.source('train').read([0]);
    expect(values).toHaveLength(960);
    expect((await (await loadDataset(`folder:${root}`, { size: 8, channels: 1 })).source('test').read([0])).values).toHaveLength(64);
  });

  it('that are damaged are refused by name', async () => {
    const bytes = await picture('lossless');
    await expect(decodeWebp(bytes.subarray(0, bytes.length - 20), 'pictures/x.webp')).rejects.toThrow('pictures/x.webp cannot be decoded');
    const odd = Uint8Array.from(bytes);
    odd[15] = 0x39; // 'VP89'
    expect(() => pictureShape(odd, 'pictures/x.webp')).toThrow("pictures/x.webp is no WebP file that can be read: its first chunk is 'VP89'.");
  });
});

describe('the built package', () => {
  it('decodes pictures on a thread of its own, which keeps no process alive', async (context) => {
    if (!existsSync(new URL('../dist/decode-worker.js', import.meta.url))) context.skip('@ganzoo/datasets is not built; `npx nx test @ganzoo/datasets` builds it first');
    const root = await folderOf(numbered(21));
    const helper = fileURLToPath(new URL('helpers/decode-elsewhere.mjs', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [helper, root], { timeout: 60_000 });
    expect(JSON.parse(stdout)).toEqual({ started: 1, broken: 0, sum: 21 * 10 });
    await writeFile(path.join(root, '020.png'), 'no picture');
    await expect(promisify(execFile)(process.execPath, [helper, root], { timeout: 60_000 })).rejects.toThrow(/DataError: .*020\.png is neither a PNG nor a JPEG file/);
  });
});
