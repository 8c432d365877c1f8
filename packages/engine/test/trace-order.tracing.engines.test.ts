import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { asOneCall } from './support/as-one-call.js';

/**
 * 1e8 - 1e8 + 1 is 1 from left to right in float32, and 0 when it begins with the 1, which is lost beside 1e8. The two large numbers are
 * variables, so that the memory of the small one, a product, is the only one that an engine may take for the sum.
 */
describe('a traced sum is added from left to right, whatever memory is free', () => {
  const sums: Record<string, (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor) => tf.Tensor> = {
    'a sum of a sum': (a, b, c) => tf.add(tf.add(a, b), c),
    addN: (a, b, c) => tf.addN([a, b, c]),
  };

  it.each(Object.entries(sums))('%s', async (_, sum) => {
    const variables = [1e8, -1e8, 1].map((value) => tf.variable(tf.tensor1d([value, value, value, value])));
    const [large, negative, one] = variables as [tf.Variable, tf.Variable, tf.Variable];
    expect(await asOneCall(variables, () => [tf.mean(sum(large, negative, tf.mul(one, one)))])).toEqual([Float32Array.of(1)]);
    tf.dispose(variables);
  });
});
