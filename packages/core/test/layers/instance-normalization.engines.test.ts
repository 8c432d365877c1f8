import { instanceNormalization } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { expectClose, expectGradient, expectRoundTrip, functional, ramp } from './support.js';

describe('instance normalization', () => {
  it('makes every image and channel have mean 0 and (almost) variance 1', async () => {
    const y = tf.tidy(() => instanceNormalization().apply(tf.add(ramp([2, 4, 5, 3], 3), 7)) as tf.Tensor);
    const { mean, variance } = tf.moments(y, [1, 2]);
    await expectClose(mean, new Float32Array(6));
    await expectClose(variance, new Float32Array(6).fill(1), 1e-4);
    y.dispose();
  });

  it('gives a known value: of 1, 2, 3, 4 (mean 2.5, variance 1.25)', async () => {
    const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
    const expected = [-1.5, -0.5, 0.5, 1.5].map((value) => value / Math.sqrt(1.25 + 0.25));
    await expectClose(instanceNormalization({ epsilon: 0.25 }).apply(x) as tf.Tensor, expected);
    const affine = tf.sequential({ layers: [instanceNormalization({ epsilon: 0.25, scale: true, center: true, inputShape: [2, 2, 1] })] });
    affine.setWeights([tf.tensor1d([2]), tf.tensor1d([10])]);
    await expectClose(affine.predict(x) as tf.Tensor, expected.map((value) => 2 * value + 10));
    affine.dispose();
    x.dispose();
  });

  it('has right first and second derivatives', async () => {
    const x = ramp([2, 3, 3, 2]);
    const loss = (x: tf.Tensor): tf.Scalar => functional(instanceNormalization().apply(x) as tf.Tensor);
    await expectGradient(loss, x);
    await expectGradient((x) => tf.sum(tf.square(tf.grad(loss)(x))), x, 3e-3);
    x.dispose();
  });

  it('is saved and loaded', async () => {
    await expectRoundTrip(instanceNormalization({ name: 'norm', inputShape: [3, 3, 2] }), [2, 3, 3, 2]);
    await expectRoundTrip(instanceNormalization({ name: 'norm', scale: true, center: true, epsilon: 1e-3, inputShape: [3, 3, 2] }), [2, 3, 3, 2]);
  });

  it('takes images only', () => {
    expect(() => tf.sequential({ layers: [instanceNormalization({ inputShape: [3] })] })).toThrow(/ndim/);
  });
});
