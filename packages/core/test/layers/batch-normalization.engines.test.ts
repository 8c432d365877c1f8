import { BATCH_NORM, batchNormalization } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { valuesOf } from '../values.js';

const shapes = [[4, 5, 3, 2], [6, 3]];

/** Output, gradients of input, gamma and beta, and the moving statistics after it, of one training call. */
function train(make: (typeof tf.layers)['batchNormalization'], shape: number[]): Promise<number[][]> {
  const tensors = tf.tidy(() => {
    const layer = make({ ...BATCH_NORM });
    const x = tf.add(tf.mul(tf.reshape(tf.sin(tf.range(0, tf.util.sizeFromShape(shape))), shape), 2), 0.5);
    layer.build(shape);
    const channels = shape.at(-1) as number;
    layer.setWeights([1.5, 0.25, -1, 3].map((value) => tf.mul(tf.ones([channels]), value)));
    const [gamma, beta, mean, variance] = layer.weights.map((weight) => weight.read() as tf.Variable) as [tf.Variable, tf.Variable, tf.Variable, tf.Variable];
    const loss = (x: tf.Tensor): tf.Scalar => {
      const y = layer.call(x, { training: true }) as tf.Tensor;
      return tf.sum(tf.mul(y, tf.reshape(tf.cos(tf.range(0, y.size)), y.shape)));
    };
    const y = layer.call(x, { training: true }) as tf.Tensor;
    const moved = [tf.clone(mean), tf.clone(variance)];
    const { grads } = tf.variableGrads(() => loss(x), [gamma, beta]);
    return [y, ...moved, tf.grad(loss)(x), grads[gamma.name] as tf.Tensor, grads[beta.name] as tf.Tensor];
  });
  return Promise.all(tensors.map(valuesOf));
}

describe('batchNormalization', () => {
  it.each(shapes)('equals the stock layer in training: output, moving statistics and gradients, %i %i %i %i', async (...shape) => {
    const given = shape.filter((side) => typeof side === 'number');
    const ours = await train(batchNormalization as (typeof tf.layers)['batchNormalization'], given);
    const stock = await train(tf.layers.batchNormalization, given);
    ours.forEach((values, i) => values.forEach((value, j) => expect(value).toBeCloseTo(stock[i]?.[j] as number, 4)));
    expect(ours.map((values) => values.length)).toEqual(stock.map((values) => values.length));
  });

  it('uses the moving statistics in inference, and is saved as the stock layer', async () => {
    const layer = batchNormalization({ ...BATCH_NORM });
    expect(layer.getClassName()).toBe('BatchNormalization');
    const y = tf.tidy(() => {
      layer.build([2, 1]);
      layer.setWeights([[2], [1], [3], [4 - BATCH_NORM.epsilon]].map((values) => tf.tensor1d(values))); // gamma, beta, mean, variance
      return layer.call(tf.tensor2d([[3], [5]]), { training: false }) as tf.Tensor;
    });
    const [atMean, above] = await valuesOf(y);
    expect(atMean).toBeCloseTo(1, 5);
    expect(above).toBeCloseTo(3, 5); // 2 (5 - 3) / 2 + 1
  });
});
