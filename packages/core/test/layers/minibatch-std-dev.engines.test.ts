import { ConfigError, minibatchStdDev } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { expectClose, expectGradient, expectRoundTrip, functional, ramp } from './support.js';

/** The added channel of every pixel. */
function channel(x: tf.Tensor, layer = minibatchStdDev()): tf.Tensor {
  return tf.tidy(() => {
    const y = layer.apply(x) as tf.Tensor4D;
    const [n, height, width, channels] = y.shape;
    return tf.slice(y, [0, 0, 0, channels - 1], [n, height, width, 1]);
  });
}

/** Expected numbers: ../reference/layers.py. */
describe('minibatch standard deviation', () => {
  it('tells every sample how much its group differs; sample i is in group i mod (n / 4)', async () => {
    const x = ramp([8, 2, 1, 3]);
    const [even, odd] = [0.4081367, 0.4038707];
    await expectClose(channel(x), [even, even, odd, odd, even, even, odd, odd, even, even, odd, odd, even, even, odd, odd]);
    await expectClose(tf.tidy(() => tf.slice(minibatchStdDev().apply(x) as tf.Tensor, [0, 0, 0, 0], [8, 2, 1, 3])), await x.data());
    x.dispose();
  });

  it('makes one group of a small batch', async () => {
    const x = ramp([2, 2, 1, 3]);
    await expectClose(channel(x), new Float32Array(4).fill(0.0890673));
    x.dispose();
  });

  it('is (almost) zero for equal images', async () => {
    const x = tf.tidy(() => tf.add(tf.zeros([4, 3, 3, 2]), ramp([1, 3, 3, 2])));
    await expectClose(channel(x), new Float32Array(36).fill(1e-4), 1e-6); // sqrt(1e-8)
    x.dispose();
  });

  it('has right first and second derivatives', async () => {
    const x = ramp([8, 2, 2, 2]); // no feature is equal in all images of a group, where the root has a kink
    const loss = (x: tf.Tensor): tf.Scalar => functional(tf.square(minibatchStdDev().apply(x) as tf.Tensor));
    await expectGradient(loss, x);
    await expectGradient((x) => tf.sum(tf.square(tf.grad(loss)(x))), x, 3e-3);
    x.dispose();
  });

  it('is saved and loaded', async () => {
    await expectRoundTrip(minibatchStdDev({ name: 'sd', groupSize: 2, inputShape: [3, 3, 2] }), [4, 3, 3, 2]);
  });

  it('refuses batches that do not divide into groups', () => {
    const x = tf.zeros([6, 2, 2, 1]);
    expect(() => minibatchStdDev().apply(x)).toThrow(/A batch of 6 cannot be split into groups of 4/);
    expect(() => minibatchStdDev({ groupSize: 0 })).toThrow(ConfigError);
    x.dispose();
  });
});
