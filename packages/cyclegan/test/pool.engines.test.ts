import { Random } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createPool, throughPool } from '../src/pool.js';

const SIZE = 5;

/** Image i is one pixel of value i + 1. */
async function passed(batches: number, batchSize: number): Promise<{ returned: number[]; held: number[]; draws: [number, number][] }> {
  const pool = createPool(SIZE, [1, 1, 1]);
  const random = Random.of('pool');
  const [returned, draws]: [number[], [number, number][]] = [[], []];
  for (let batch = 0; batch < batches; batch++) {
    const images = tf.tensor4d(Array.from({ length: batchSize }, (_, i) => batch * batchSize + i + 1), [batchSize, 1, 1, 1]);
    const drawn = random.uniform<tf.Rank.R2>([batchSize, 2]);
    const out = throughPool(pool, images, drawn);
    returned.push(...(await out.data()));
    draws.push(...((await drawn.array()) as [number, number][]));
    tf.dispose([images, drawn, out]);
  }
  const held = [...(await pool.images.data())];
  tf.dispose([pool.images, pool.filled]);
  return { returned, held, draws };
}

describe('the image pool', () => {
  it.each([1, 2, 4])('returns and keeps what the authors\' ImagePool does, in batches of %i', async (batchSize) => {
    const { returned, held, draws } = await passed(60 / batchSize, batchSize);
    // util/image_pool.py of the authors' code, written with lists; its p > .5 is our draw < .5
    const [pool, expected]: [number[], number[]] = [[], []];
    draws.forEach(([coin, place], i) => {
      const image = i + 1;
      if (pool.length < SIZE) {
        pool.push(image);
        expected.push(image);
      } else if (coin < 0.5) {
        const at = Math.floor(place * SIZE);
        expected.push(pool[at] as number);
        pool[at] = image;
      } else expected.push(image);
    });
    expect(returned).toEqual(expected);
    expect(held).toEqual(pool);
  });

  it('returns the newest while it fills, then an old one half of the time, which is gone thereafter', async () => {
    const images = 400;
    const { returned } = await passed(images / 4, 4);
    expect(returned.slice(0, SIZE)).toEqual([1, 2, 3, 4, 5]);
    const old = returned.filter((image, i) => image !== i + 1);
    // 395 coins: 197.5, standard deviation 9.9
    expect(Math.abs(old.length - (images - SIZE) / 2)).toBeLessThan(3.3 * 9.9);
    // The first five were returned once when new; whatever a swap returns has left the pool.
    expect(new Set(old).size).toBe(old.length);
  });
});
