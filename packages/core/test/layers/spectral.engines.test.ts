import { initializeNormal, powerIterateAll, Random, spectralConv2d, spectralDense, spectralNorms } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { valueOf, valuesOf } from '../values.js';
import { expectClose, expectRoundTrip, functional, networkOf, ramp } from './support.js';

/** Expected numbers: ../reference/layers.py. The networks' kernels and biases are those of the script. */
const conv = (): tf.Sequential => networkOf(spectralConv2d({ filters: 4, kernelSize: 3, strides: 2, inputShape: [6, 5, 2] }));
const dense = (): tf.Sequential => networkOf(spectralDense({ units: 3, inputShape: [5] }));

function sigmaOf(network: tf.LayersModel): tf.Scalar {
  return spectralNorms(network)[0]?.sigma() as tf.Scalar;
}

function variable(network: tf.LayersModel, name: string): tf.Variable {
  return network.weights.find(({ originalName }) => originalName.endsWith(`/${name}`))?.read() as tf.Variable;
}

describe('spectral normalization', () => {
  it("finds the largest singular value of the kernel as a matrix, NumPy's", async () => {
    const [one, other] = [conv(), dense()];
    powerIterateAll(one, 100);
    powerIterateAll(other, 100);
    await expectClose(sigmaOf(one), [2.354646]);
    await expectClose(sigmaOf(other), [1.411408]);
    one.dispose();
    other.dispose();
  });

  it('comes closer with every iteration and never goes above', async () => {
    const network = conv();
    const estimates: number[] = [];
    for (let i = 0; i < 20; i++) {
      powerIterateAll(network);
      estimates.push(await valueOf(() => sigmaOf(network)));
    }
    estimates.forEach((estimate, i) => {
      expect(estimate).toBeGreaterThan((estimates[i - 1] ?? 0) - 1e-5);
      expect(estimate).toBeLessThan(2.354646 + 1e-5);
    });
    network.dispose();
  });

  it('divides the kernel by it, not the bias', async () => {
    const network = dense();
    powerIterateAll(network, 100);
    const x = ramp([2, 5]);
    await expectClose(network.predict(x) as tf.Tensor, [0.2969423, 0.4473443, 0.3523395, 0.1452111, 0.391481, 0.4231877]);
    x.dispose();
    network.dispose();
  });

  it('convolves with the divided kernel', async () => {
    const network = conv();
    powerIterateAll(network, 100);
    const x = ramp([2, 6, 5, 2]);
    const expected = tf.tidy(() => {
      const kernel = tf.div(variable(network, 'kernel'), 2.354646) as tf.Tensor4D;
      return tf.add(tf.conv2d(x as tf.Tensor4D, kernel, 2, 'same'), variable(network, 'bias'));
    });
    await expectClose(network.predict(x) as tf.Tensor, await valuesOf(expected));
    expect(network.outputShape).toEqual([null, 3, 3, 4]);
    x.dispose();
    network.dispose();
  });

  it('has the gradient of equation 12: (G - <G, W/sigma> u v^T) / sigma, where G is that of the divided kernel', async () => {
    const network = dense();
    powerIterateAll(network, 100);
    const x = ramp([2, 5]);
    const kernel = variable(network, 'kernel');
    const expected = tf.tidy(() => {
      const ofDivided = tf.grad((divided) => functional(tf.add(tf.matMul(x as tf.Tensor2D, divided as tf.Tensor2D), variable(network, 'bias'))));
      const divided = tf.div(kernel, 1.411408);
      const g = ofDivided(divided);
      const rankOne = tf.outerProduct(variable(network, 'v') as tf.Tensor1D, variable(network, 'u') as tf.Tensor1D);
      return tf.div(tf.sub(g, tf.mul(rankOne, tf.sum(tf.mul(g, divided)))), 1.411408);
    });
    const actual = tf.tidy(() => tf.variableGrads(() => functional(network.predict(x) as tf.Tensor), [kernel]).grads[kernel.name] as tf.Tensor);
    await expectClose(actual, await valuesOf(expected));
    x.dispose();
    network.dispose();
  });

  it('moves u and v only when told to', async () => {
    const network = conv();
    const before = Array.from(await variable(network, 'u').data());
    tf.tidy(() => void network.apply(tf.zeros([2, 6, 5, 2]), { training: true }));
    await expectClose(tf.clone(variable(network, 'u')), before, 1e-9);
    powerIterateAll(network);
    const after = Array.from(await variable(network, 'u').data());
    expect(after).not.toEqual(before);
    expect(Math.hypot(...after)).toBeCloseTo(1, 5);
    expect(network.trainableWeights.map(({ originalName }) => originalName.split('/').at(-1))).toEqual(['kernel', 'bias']);
    network.dispose();
  });

  it('starts from a u of random direction and length 1 that follows from the seed', async () => {
    const u = async (seed: number): Promise<number[]> => {
      const network = tf.sequential({ layers: [spectralDense({ name: 'fc', units: 6, inputShape: [4], kernelInitializer: 'zeros' })] });
      initializeNormal(network, Random.of(seed), { kernelSd: 1 });
      const values = Array.from(await variable(network, 'u').data());
      network.dispose();
      return values;
    };
    expect(Math.hypot(...(await u(0)))).toBeCloseTo(1, 5);
    expect(await u(0)).toEqual(await u(0));
    expect(await u(0)).not.toEqual(await u(1));
  });

  it('is saved with u and v, and loaded', async () => {
    await expectRoundTrip(spectralConv2d({ name: 'conv', filters: 2, kernelSize: 4, strides: 2, inputShape: [6, 6, 3] }), [2, 6, 6, 3]);
    await expectRoundTrip(spectralConv2d({ name: 'conv', filters: 2, kernelSize: 3, padding: 'valid', useBias: false, inputShape: [6, 6, 3] }), [1, 6, 6, 3]);
    await expectRoundTrip(spectralDense({ name: 'fc', units: 4, inputShape: [3] }), [2, 3]);
  });
});
