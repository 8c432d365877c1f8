import { availableParallelism, totalmem } from 'node:os';
import type { DataSpec } from '@ganzoo/core';
import type { EngineFacts } from './engine-facts.js';

/** The engine's library, networks with their optimizers, the real images and their features, with room to spare. */
const BYTES_PER_CELL = 2 * 2 ** 30;

/**
 * How many cells to run at the same time. One thread each keeps a processor busier than one cell on all of them, whose
 * small operations and host code leave threads idle; and a cell's numbers then do not depend on the processor's size.
 * Engines that compute elsewhere than on the processor take one for each GPU.
 * @param asked by the user; null: one per core, as far as the memory goes, or one per GPU.
 */
export function jobsFor({ asked, engine, cells }: { readonly asked: number | null; readonly engine: Pick<EngineFacts, 'name' | 'gpus'>; readonly cells: number }): number {
  const onProcessor = engine.name === 'native' || engine.name === 'wasm' || engine.name === 'js';
  const usual = onProcessor ? Math.min(availableParallelism(), Math.floor(totalmem() / BYTES_PER_CELL)) : (engine.gpus?.length ?? 1);
  return Math.max(1, Math.min(asked ?? usual, cells));
}

/**
 * The threads of each of so many cells; undefined: a cell alone has them all. On points a step is too small to share: a GAN
 * with two hidden layers of 128 took 2.3 to 3.3 ms a step with two threads and 1.0 ms with one.
 */
export function threadsOf(jobs: number, data: readonly Pick<DataSpec, 'kind'>[]): number | undefined {
  if (data.every(({ kind }) => kind === 'vectors')) return 1;
  return jobs === 1 ? undefined : Math.max(1, Math.floor(availableParallelism() / jobs));
}

/**
 * Maps items, so many at a time, in their order. After an error none is begun any more; those under way come to their
 * end, and then the first error is thrown.
 * @param work is told the item's place among the items, and its own among those under way: from 0 to atOnce - 1.
 */
export async function sideBySide<T, U>(atOnce: number, items: readonly T[], work: (item: T, index: number, lane: number) => Promise<U>): Promise<U[]> {
  const results: U[] = [];
  const errors: unknown[] = [];
  const queue = items.entries();
  const worker = async (_: unknown, lane: number): Promise<void> => {
    for (const [index, item] of queue) {
      if (errors.length > 0) return;
      try {
        results[index] = await work(item, index, lane);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  if (errors.length > 0) throw errors[0];
  return results;
}
