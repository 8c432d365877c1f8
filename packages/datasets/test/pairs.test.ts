import { DataError, UsageError } from '@ganzoo/core';
import { encode } from 'fast-png';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findDataset, loadDataset } from '../src/index.js';
import { temporaryFolder } from './helpers/temporary.js';

async function folder(width: number, channels = 3): Promise<string> {
  const root = await temporaryFolder();
  const bytes = encode({ width, height: width, channels, data: new Uint8Array(width * width * channels) });
  for (const name of ['1', '2', '3']) await writeFile(path.join(root, `${name}.png`), bytes);
  return `folder:${root}`;
}

describe('two data sets with a + between', () => {
  it('are the unpaired domains of one', async () => {
    const other = await folder(28);
    const name = `glyphs+${other}`;
    expect(findDataset(name)).toMatchObject({ name, domains: true, sizes: [28, 32, 64], channels: [1, 3], splits: { train: 1, validation: 1, test: 1 } });
    const data = await loadDataset(name, { size: 32 });
    expect(data.spec).toMatchObject({ name, shape: [32, 32, 3] });
    expect(data.spec.domains?.a).toMatchObject({ name: 'glyphs', shape: [32, 32, 3], classes: 10 });
    expect(data.spec.domains?.b).toMatchObject({ name: other, shape: [32, 32, 3] });
    const glyphs = await loadDataset('glyphs', { size: 32, channels: 3 });
    expect(await data.source('test', 'a').read([3])).toEqual(await glyphs.source('test').read([3]));
    expect(data.source('train', 'b').length).toBe(1);
    expect(() => data.source('train')).toThrow(DataError);
  });

  it('have as many channels as the one with more, unless it is asked for otherwise', async () => {
    const [grey, coloured] = [await folder(28, 1), await folder(28, 3)];
    const channels = async (name: string, options = {}): Promise<unknown[]> => {
      const { domains } = (await loadDataset(name, options)).spec;
      return [domains?.a.shape[2], domains?.b.shape[2]];
    };
    expect(await channels(`glyphs+${grey}`)).toEqual([1, 1]);
    expect(await channels(`${coloured}+glyphs`)).toEqual([3, 3]);
    expect(await channels(`${coloured}+glyphs`, { channels: 1 })).toEqual([1, 1]);
  });

  it('of different sizes are refused, both named', async () => {
    const large = await folder(40);
    await expect(loadDataset(`glyphs+${large}`)).rejects.toThrow(`The domains of 'glyphs+${large}' differ in size: 'glyphs' has 28 x 28 pixels, '${large}' has 40 x 40 pixels.`);
    await expect(loadDataset(`glyphs+${large}`)).rejects.toThrow(DataError);
    expect((await loadDataset(`glyphs+${large}`, { size: 28 })).spec.shape).toEqual([28, 28, 3]);
  });

  it('are refused when one is unknown, no images, or a pair itself', async () => {
    await expect(loadDataset('mnist+fashon-mnist')).rejects.toThrow("There is no data set 'fashon-mnist'.");
    await expect(loadDataset('glyphs+')).rejects.toThrow("There is no data set ''.");
    await expect(loadDataset('glyphs+ring')).rejects.toThrow("'glyphs+ring' is no pair of data sets: 'ring' consists of points.");
    await expect(loadDataset('glyph-pairs+glyphs')).rejects.toThrow("'glyph-pairs' is two domains already");
    await expect(loadDataset('glyphs+mnist+kmnist')).rejects.toThrow(UsageError);
  });

  it('may be a folder whose path has a + of its own', () => {
    expect(() => findDataset('folder:/no/c++/pictures')).toThrow('The folder /no/c++/pictures cannot be read');
    expect(() => findDataset('folder:/no/c+++glyphs')).toThrow('The folder /no/c++ cannot be read');
  });
});
