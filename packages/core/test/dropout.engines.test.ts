import { infer, Random, trainWithDropout } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

const make = (rate: number): tf.Sequential =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units: 3, inputShape: [2], kernelInitializer: 'ones', biasInitializer: 'zeros' }),
      tf.layers.dropout({ rate }),
      tf.layers.dense({ units: 1, kernelInitializer: 'ones', biasInitializer: 'zeros' }),
    ],
  });

describe('seeded dropout', () => {
  it('keeps values by the draws of its stream, and scales them by 1 / (1 - rate)', async () => {
    const network = make(0.25);
    const x = tf.tensor2d([[1, 2], [3, 4], [5, 6], [7, 8]]);
    const output = await trainWithDropout(network, x, Random.of('masks')).data();
    // Each row's three hidden values are its sum.
    const draws = Random.of('masks').uniforms(12);
    const kept = [0, 1, 2, 3].map((row) => [0, 1, 2].filter((unit) => (draws[3 * row + unit] as number) >= 0.25).length);
    expect(new Set(kept).size).toBeGreaterThan(1);
    [3, 7, 11, 15].forEach((sum, row) => expect(output[row]).toBeCloseTo((sum * (kept[row] as number)) / 0.75, 4));
    expect(await trainWithDropout(network, x, Random.of('masks')).data()).toEqual(output);
    expect(await trainWithDropout(network, x, Random.of('others')).data()).not.toEqual(output);
  });

  it('has the expectation of the network without it, which is what inference runs', async () => {
    const network = make(0.3);
    const x = tf.ones([2000, 2]);
    const mean = (await tf.mean(trainWithDropout(network, x, Random.of('many'))).data())[0] as number;
    expect(Math.abs(mean - 6)).toBeLessThan(0.21); // sd of one: 2 sqrt(3 .3 / .7) = 2.27; of the mean .051
    expect(Array.from(await infer(network, tf.ones([1, 2])).data())).toEqual([6]);
  });

  it('passes gradients through what it keeps only', async () => {
    const network = make(0.5);
    const gradient = await tf.grad((x) => tf.sum(trainWithDropout(network, x, Random.of(5))))(tf.ones([3, 2])).data();
    const draws = Random.of(5).uniforms(9);
    const expected = [0, 1, 2].flatMap((row) => {
      const slope = 2 * [0, 1, 2].filter((unit) => (draws[3 * row + unit] as number) >= 0.5).length;
      return [slope, slope];
    });
    expect(Array.from(gradient)).toEqual(expected);
  });

  it('is refused for networks whose layers do not stand in a row', () => {
    const input = tf.input({ shape: [2] });
    const outputs = tf.layers.dense({ units: 1 }).apply(input) as tf.SymbolicTensor;
    expect(() => trainWithDropout(tf.model({ inputs: input, outputs }), tf.ones([1, 2]), Random.of(0))).toThrow('not a tf.sequential');
  });
});
