import { pixelNorm } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { describe, it } from 'vitest';
import { expectClose, expectGradient, expectRoundTrip, functional, ramp } from './support.js';

describe('pixel norm', () => {
  it("gives NumPy's values for latents", async () => {
    const x = ramp([2, 3]);
    await expectClose(pixelNorm().apply(x) as tf.Tensor, [0, 1.176415, 1.271239, 0.1987671, -1.065954, -1.350642]); // ../reference/layers.py
    x.dispose();
  });

  it('makes the feature vector of every pixel have mean square 1', async () => {
    const squares = tf.tidy(() => tf.mean(tf.square(pixelNorm().apply(tf.add(ramp([2, 3, 4, 5], 3), 1)) as tf.Tensor), -1));
    await expectClose(squares, new Float32Array(24).fill(1));
  });

  it('has right first and second derivatives', async () => {
    const x = tf.tidy(() => tf.add(ramp([2, 2, 2, 3]), 0.5));
    const loss = (x: tf.Tensor): tf.Scalar => functional(pixelNorm().apply(x) as tf.Tensor);
    await expectGradient(loss, x);
    await expectGradient((x) => tf.sum(tf.square(tf.grad(loss)(x))), x, 3e-3);
    x.dispose();
  });

  it('is saved and loaded', async () => {
    await expectRoundTrip(pixelNorm({ name: 'norm', inputShape: [3, 3, 2] }), [2, 3, 3, 2]);
    await expectRoundTrip(pixelNorm({ name: 'norm', epsilon: 0.1, inputShape: [4] }), [2, 4]);
  });
});
