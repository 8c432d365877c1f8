import { equalizedConv2d, equalizedDense } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { valuesOf } from '../values.js';
import { expectClose, expectGradient, expectRoundTrip, functional, networkOf, ramp } from './support.js';

/** Expected numbers: ../reference/layers.py. */
describe('an equalized learning rate', () => {
  it('multiplies the kernel by sqrt(2 / fan-in), not the bias', async () => {
    const network = networkOf(equalizedDense({ units: 3, inputShape: [5] }));
    const x = ramp([2, 5]);
    await expectClose(network.predict(x) as tf.Tensor, [0.275801, 0.4552227, 0.3740569, 0.1403578, 0.4053561, 0.4372997]);
    x.dispose();
    network.dispose();
  });

  it('takes a gain, and counts the pixels of a kernel as inputs', async () => {
    const network = networkOf(equalizedConv2d({ filters: 2, kernelSize: 3, padding: 'valid', gain: 1, inputShape: [4, 4, 2] }));
    const x = ramp([1, 4, 4, 2]);
    await expectClose(network.predict(x) as tf.Tensor, [0.1220765, 0.5576547, 0.1157561, 0.4897027, 0.1239272, 0.4983152, 0.06655311, 0.4991321]);
    expect(network.outputShape).toEqual([null, 2, 2, 2]);
    x.dispose();
    network.dispose();
  });

  it('starts with kernels of N(0, 1)', async () => {
    const network = tf.sequential({ layers: [equalizedDense({ units: 100, inputShape: [100] })] });
    const moments = tf.tidy(() => tf.moments(network.weights[0]?.read() as tf.Tensor));
    const [mean] = (await valuesOf(moments.mean)) as [number];
    const [variance] = (await valuesOf(moments.variance)) as [number];
    expect(Math.abs(mean)).toBeLessThan(0.05); // 10,000 draws: standard errors .01 and .014
    expect(Math.abs(variance - 1)).toBeLessThan(0.07);
    network.dispose();
  });

  it('has right first and second derivatives', async () => {
    const network = networkOf(equalizedConv2d({ filters: 2, kernelSize: 3, inputShape: [4, 4, 2] }));
    const x = ramp([2, 4, 4, 2]);
    const loss = (x: tf.Tensor): tf.Scalar => functional(tf.square(network.apply(x) as tf.Tensor));
    await expectGradient(loss, x);
    await expectGradient((x) => tf.sum(tf.square(tf.grad(loss)(x))), x, 3e-3);
    x.dispose();
    network.dispose();
  });

  it('is saved and loaded', async () => {
    await expectRoundTrip(equalizedConv2d({ name: 'conv', filters: 2, kernelSize: 1, gain: 1, inputShape: [4, 4, 3] }), [2, 4, 4, 3]);
    await expectRoundTrip(equalizedDense({ name: 'fc', units: 4, gain: 0.5, useBias: false, kernelInitializer: 'zeros', inputShape: [3] }), [2, 3]);
  });
});
