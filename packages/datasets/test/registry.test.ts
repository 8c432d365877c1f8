import path from 'node:path';
import { DataError, UsageError } from '@ganzoo/core';
import { describe, expect, it } from 'vitest';
import { absoluteName, datasets, findDataset, loadDataset } from '../src/index.js';

describe('the data sets', () => {
  it('are found by name and say what they are', () => {
    expect(Object.keys(datasets)).toEqual(['glyphs', 'mnist', 'fashion-mnist', 'kmnist', 'cifar10', 'stacked-mnist', 'ring', 'grid', 'glyph-pairs']);
    const sizes: Record<string, number[]> = { ring: [100_000, 10_000, 10_000], grid: [100_000, 10_000, 10_000], cifar10: [41_667, 8_333, 10_000], 'stacked-mnist': [128_000, 25_600, 26_000] };
    for (const [name, definition] of Object.entries(datasets)) {
      expect(findDataset(name)).toBe(definition);
      expect(definition.name).toBe(name);
      expect(definition.classNames).toHaveLength(definition.classes);
      expect(Object.values(definition.splits)).toEqual(sizes[name] ?? [50_000, 10_000, 10_000]);
      expect(definition.licence).not.toBe('');
    }
    expect(datasets.mnist?.sources[0]).toBe('https://ossci-datasets.s3.amazonaws.com/mnist/train-images-idx3-ubyte.gz');
    expect(datasets.glyphs?.sources).toEqual([]);
  });

  it('have names that mean the same from everywhere, once their paths are absolute', () => {
    const at = (relative: string): string => path.resolve(relative);
    expect(absoluteName('mnist@limit=5')).toBe('mnist@limit=5');
    expect(absoluteName('folder:cats@mirror')).toBe(`folder:${at('cats')}@mirror`);
    expect(absoluteName('folder:a+b+cifar10:../some.bin@limit=3')).toBe(`folder:${at('a+b')}+cifar10:${at('../some.bin')}@limit=3`);
    expect(absoluteName(`folder:${at('cats')}`)).toBe(`folder:${at('cats')}`);
  });

  it('of an unknown name are refused with the nearest names', async () => {
    const error = (await loadDataset('mnits').catch((reason: unknown) => reason)) as UsageError;
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toBe("There is no data set 'mnits'.");
    expect(error.remedy).toContain("Did you mean 'mnist'");
    expect(error.remedy).toContain('glyphs, mnist, fashion-mnist, kmnist');
    await expect(loadDataset('toString')).rejects.toThrow(UsageError);
  });

  it.each([
    [{ size: 27 }, "'glyphs' does not come with size 27."],
    [{ channels: 2 }, "'glyphs' does not come with channels 2."],
    [{ limit: 0 }, "0 is not a number of samples to limit 'glyphs' to."],
    [{ limit: 1.5 }, "1.5 is not a number of samples to limit 'glyphs' to."],
  ])('refuse options that they do not have: %o', async (options, message) => {
    const loading = loadDataset('glyphs', options);
    await expect(loading).rejects.toThrow(UsageError);
    await expect(loading).rejects.toThrow(message);
  });

  it('are limited to a part of every split when asked', async () => {
    const data = await loadDataset('glyphs', { limit: 100 });
    const whole = await loadDataset('glyphs');
    expect(data.source('train').length).toBe(100);
    expect(data.source('test').length).toBe(100);
    expect(await data.source('train').read([99])).toEqual(await whole.source('train').read([99]));
    await expect(data.source('train').read([100])).rejects.toThrow(DataError);
  });

  it('refuse indices that they do not have, and domains', async () => {
    const data = await loadDataset('glyphs');
    await expect(data.source('test').read([10_000])).rejects.toThrow("Sample 10000 was asked of 'glyphs (test)', which has 10000.");
    await expect(data.source('test').read([-1])).rejects.toThrow(DataError);
    expect(() => data.source('test', 'a')).toThrow("'glyphs' has no domain 'a'.");
  });
});
