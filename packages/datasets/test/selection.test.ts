import { UsageError } from '@ganzoo/core';
import { describe, expect, it } from 'vitest';
import { findDataset, loadDataset } from '../src/index.js';

const all = (length: number): number[] => Array.from({ length }, (_, i) => i);
const ten = all(10);

describe('a selection', () => {
  it('of classes has their samples alone, numbered anew', async () => {
    const [whole, part] = [await loadDataset('glyphs'), await loadDataset('glyphs@classes=8:3')];
    expect(part.spec).toMatchObject({ name: 'glyphs@classes=8:3', classes: 2, classNames: ['8', '3'], shape: [28, 28, 1] });
    const test = whole.source('test');
    const { labels } = await test.read(all(test.length));
    const members = all(test.length).filter((i) => labels?.[i] === 8 || labels?.[i] === 3);
    const selected = part.source('test');
    expect(selected.length).toBe(members.length);
    const [expected, found] = [await test.read(members.slice(0, 10)), await selected.read(ten)];
    expect(found.values).toEqual(expected.values);
    expect(found.labels).toEqual(expected.labels?.map((label) => (label === 8 ? 0 : 1)));
    await expect(selected.read([members.length])).rejects.toThrow('glyphs@classes=8:3');
  });

  it('with a limit is a random part, always the same', async () => {
    const part = (await loadDataset('glyphs@limit=100@classes=3')).source('test');
    expect(part.length).toBe(100);
    const { values, labels } = await part.read(ten);
    expect(new Set(labels)).toEqual(new Set([0]));
    expect((await (await loadDataset('glyphs@limit=100@classes=3')).source('test').read(ten)).values).toEqual(values);
    const first = await (await loadDataset('glyphs@classes=3')).source('test').read(ten);
    expect(first.values).not.toEqual(values);
    const limited = await loadDataset('glyphs@limit=100');
    expect([limited.source('train').length, limited.spec.name]).toEqual([100, 'glyphs@limit=100']);
    expect((await loadDataset('glyphs@limit=100', { limit: 7 })).source('train').length).toBe(7);
    expect((await loadDataset('ring@limit=50')).source('train').length).toBe(50);
  });

  it('with mirror images has every image of the train split twice, once as in a mirror', async () => {
    const [plain, twice] = [await loadDataset('glyphs', { channels: 3 }), await loadDataset('glyphs@mirror', { channels: 3 })];
    expect([twice.source('train').length, twice.source('validation').length, twice.source('test').length]).toEqual([100_000, 10_000, 10_000]);
    const { values, labels } = await plain.source('train').read([5]);
    const both = await twice.source('train').read([50_005, 5]);
    expect(both.labels).toEqual(Int32Array.of(labels?.[0] as number, labels?.[0] as number));
    expect(both.values.subarray(28 * 28 * 3)).toEqual(values);
    for (const [y, x, c] of [[0, 0, 0], [10, 3, 1], [14, 20, 2], [27, 27, 0]] as const) {
      expect(both.values[(y * 28 + x) * 3 + c]).toBe(values[(y * 28 + 27 - x) * 3 + c]);
    }
  });

  it('is a domain of a pair', async () => {
    const pair = await loadDataset('glyphs@classes=3+glyphs@classes=8@limit=20');
    expect([pair.spec.domains?.a.name, pair.spec.domains?.b.name]).toEqual(['glyphs@classes=3', 'glyphs@classes=8@limit=20']);
    expect(pair.source('train', 'b').length).toBe(20);
  });

  it('says what it is', () => {
    expect(findDataset('glyphs@classes=3:8@mirror')).toMatchObject({
      name: 'glyphs@classes=3:8@mirror',
      description: 'Embedded: digits as many hands would write them, drawn from stroke templates, 28x28 grey; selected: classes=3:8, mirror.',
      classes: 2,
    });
  });

  it.each([
    ['glyphs@classes=3:12', "'glyphs' has no class '12'."],
    ['cifar10@classes=frog:horze', "'cifar10' has no class 'horze'."],
    ['glyphs@classes=3:3', "A class of 'glyphs' is named twice: 3:3."],
    ['glyphs@limit=0', "0 is not a number of samples to limit 'glyphs@limit=0' to."],
    ['glyphs@limit=x', "NaN is not a number of samples to limit 'glyphs@limit=x' to."],
    ['ring@classes=1', "'ring' consists of points: it cannot be selected from as 'ring@classes=1'."],
    ['glyph-pairs@mirror', "'glyph-pairs' consists of two domains: it cannot be selected from as 'glyph-pairs@mirror'."],
    ['glyphs@class=3', "There is no data set 'glyphs@class=3'."],
  ])('that cannot be is refused: %s', (name, message) => {
    expect(() => findDataset(name)).toThrow(UsageError);
    expect(() => findDataset(name)).toThrow(message);
  });

  it('of a class of CIFAR-10 by its name is one by its number', () => {
    expect(findDataset('cifar10@classes=frog:0').classNames).toEqual(['frog', 'airplane']);
  });
});
