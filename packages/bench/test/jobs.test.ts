import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { jobsFor, sideBySide, threadsOf } from '../src/jobs.js';

describe('sideBySide', () => {
  /** Resolves on demand, in whatever order the test wants. */
  function gates<T>(): { open: Map<T, () => void>; fail: Map<T, () => void>; work: (item: T) => Promise<T> } {
    const open = new Map<T, () => void>();
    const fail = new Map<T, () => void>();
    const work = (item: T): Promise<T> =>
      new Promise((resolve, reject) => {
        open.set(item, () => resolve(item));
        fail.set(item, () => reject(new Error(`${item} failed`)));
      });
    return { open, fail, work };
  }
  const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

  it('has so many under way, begins the next when one ends, and keeps the order of the items', async () => {
    const { open, work } = gates<string>();
    const all = sideBySide(2, ['a', 'b', 'c'], work);
    expect([...open.keys()]).toEqual(['a', 'b']);
    open.get('b')?.();
    await turn();
    expect([...open.keys()]).toEqual(['a', 'b', 'c']);
    open.get('c')?.();
    open.get('a')?.();
    expect(await all).toEqual(['a', 'b', 'c']);
  });

  it('tells the work which of the places under way it has, so that each can have a GPU of its own', async () => {
    const lanes: [string, number][] = [];
    const { open, work } = gates<string>();
    const all = sideBySide(2, ['a', 'b', 'c', 'd'], (item, _, lane) => {
      lanes.push([item, lane]);
      return work(item);
    });
    for (const item of ['b', 'a', 'c', 'd']) {
      open.get(item)?.();
      await turn();
    }
    await all;
    expect(lanes).toEqual([['a', 0], ['b', 1], ['c', 1], ['d', 0]]);
  });

  it('begins nothing after an error, waits for what is under way, and throws the first error', async () => {
    const { open, fail, work } = gates<string>();
    let ended = false;
    const all = sideBySide(2, ['a', 'b', 'c'], work).finally(() => (ended = true));
    all.catch(() => {});
    fail.get('b')?.();
    await turn();
    expect([...open.keys()]).toEqual(['a', 'b']);
    expect(ended).toBe(false);
    open.get('a')?.();
    await expect(all).rejects.toThrow('b failed');
  });
});

describe('jobsFor', () => {
  it('is never more than there are cells, and one where the processor does not compute', () => {
    expect(jobsFor({ asked: 8, engine: { name: 'native' }, cells: 3 })).toBe(3);
    expect(jobsFor({ asked: null, engine: { name: 'native' }, cells: 1 })).toBe(1);
    expect(jobsFor({ asked: null, engine: { name: 'webgpu' }, cells: 9 })).toBe(1);
    expect(jobsFor({ asked: 2, engine: { name: 'cuda', gpus: [0] }, cells: 9 })).toBe(2);
  });

  it('is one per GPU of the same model', () => {
    expect(jobsFor({ asked: null, engine: { name: 'cuda', gpus: [0, 2, 3] }, cells: 9 })).toBe(3);
    expect(jobsFor({ asked: null, engine: { name: 'cuda', gpus: [0, 2, 3] }, cells: 2 })).toBe(2);
  });
});

describe('threadsOf', () => {
  const [images, points] = [{ kind: 'images' }, { kind: 'vectors' }] as const;

  it('leaves all threads to a cell alone, and a share to each of several', () => {
    expect(threadsOf(1, [images])).toBeUndefined();
    expect(threadsOf(availableParallelism(), [images, points])).toBe(1);
    expect(threadsOf(1000, [images])).toBe(1);
  });

  it('gives cells on points one each', () => {
    expect(threadsOf(1, [points, points])).toBe(1);
  });
});
