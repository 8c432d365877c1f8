import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { Feed } from '../src/feed.js';
import { DataError, type Dataset, type Source } from '../src/index.js';

/** Ten vectors of one number, their index; what is read is noted. A read of `broken` fails. */
function numbers(broken?: number): { dataset: Dataset; reads: number[][] } {
  const reads: number[][] = [];
  const spec = { name: 'numbers', kind: 'vectors', shape: [1] } as const;
  const source: Source = {
    spec,
    length: 10,
    async read(indices) {
      const asked = Array.from(indices);
      reads.push(asked);
      if (broken !== undefined && asked.includes(broken)) throw new DataError(`Number ${broken} is broken.`, { remedy: '' });
      return { values: Float32Array.from(asked) };
    },
  };
  return { dataset: { spec, source: () => source }, reads };
}

async function drawn(feed: Feed, size: number): Promise<number[]> {
  const batch = await feed.draw(['real'], size);
  const values = [...batch.real.dataSync()];
  batch.dispose();
  return values;
}

describe('a feed', () => {
  it('reads the next batch while one is computed with, and gives every sample once an epoch all the same', async () => {
    const { dataset, reads } = numbers();
    const feed = new Feed(dataset, 1);
    const first = await drawn(feed, 5);
    expect(reads).toHaveLength(2);
    expect(reads[0]).toEqual(first);
    const second = await drawn(feed, 5);
    expect(second).toEqual(reads[1]);
    expect([...first, ...second].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([feed.imagesShown, feed.positions]).toEqual([10, { real: 10 }]);
    expect(tf.memory().numTensors).toBe(0);
  });

  it('gives the same batches after a restore, and where sizes change', async () => {
    const [{ dataset }, { dataset: again }] = [numbers(), numbers()];
    const [feed, restored] = [new Feed(dataset, 1), new Feed(again, 1)];
    await drawn(feed, 2);
    await drawn(feed, 2);
    const third = await drawn(feed, 3);
    await drawn(restored, 5); // what is read ahead here must not come out below
    restored.restore({ real: 4 }, 4);
    expect(await drawn(restored, 3)).toEqual(third);
    expect(restored.positions).toEqual(feed.positions);
  });

  it('says that a sample cannot be read when its batch is drawn, not before', async () => {
    const order = numbers();
    const probe = new Feed(order.dataset, 1);
    await drawn(probe, 4);
    const [, ahead] = order.reads as [number[], number[]];
    const { dataset } = numbers(ahead[0]);
    const feed = new Feed(dataset, 1);
    await drawn(feed, 4);
    await expect(drawn(feed, 4)).rejects.toThrow(DataError);
  });
});
