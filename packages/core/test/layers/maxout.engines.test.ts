import { initializeNormal, maxout, Random } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { expectClose, expectGradient, expectRoundTrip, functional, networkOf, ramp } from './support.js';

describe('maxout', () => {
  it("gives NumPy's values", async () => {
    const network = networkOf(maxout({ units: 3, pieces: 2, inputShape: [4] }));
    const x = ramp([2, 4]);
    await expectClose(network.predict(x) as tf.Tensor, [0.8878287, 1.187946, 1.674891, -0.03026524, 0.1723104, 0.1853748]); // ../reference/layers.py
    x.dispose();
    network.dispose();
  });

  it('can be an absolute value: max(x, -x)', async () => {
    const network = tf.sequential({ layers: [maxout({ units: 1, pieces: 2, useBias: false, inputShape: [1] })] });
    network.setWeights([tf.tensor2d([[1, -1]])]);
    await expectClose(network.predict(tf.tensor2d([[-2], [0.5], [3]])) as tf.Tensor, [2, 0.5, 3]);
    network.dispose();
  });

  it('has right derivatives', async () => {
    const network = networkOf(maxout({ units: 3, pieces: 2, inputShape: [4] }));
    const x = ramp([2, 4]);
    await expectGradient((x) => functional(tf.square(network.apply(x) as tf.Tensor)), x);
    x.dispose();
    network.dispose();
  });

  it('is saved and loaded, and initialized as every kernel is', async () => {
    await expectRoundTrip(maxout({ name: 'fc', units: 3, pieces: 4, kernelInitializer: 'zeros', inputShape: [2] }), [2, 2]);
    const network = tf.sequential({ layers: [maxout({ name: 'fc', units: 3, inputShape: [2], kernelInitializer: 'zeros' })] });
    initializeNormal(network, Random.of(0), { kernelSd: 1 });
    await expectClose(tf.clone(network.weights[0]?.read() as tf.Tensor), Random.of(0).fork('fc/kernel').normals(30), 1e-6);
    expect(network.weights[0]?.shape).toEqual([2, 15]);
    network.dispose();
  });
});
