import { conv2d, EngineError, gradientNorms, inputGradients, Random, randomInterpolates } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { valuesOf } from './values.js';

describe('gradients with respect to the input', () => {
  it('of a linear critic are its weights for every sample; their norm is |w|', async () => {
    const tensors = tf.tidy(() => {
      const w = tf.tensor2d([3, -4], [2, 1]);
      const gradients = inputGradients((x) => tf.matMul(x, w), tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]));
      return [gradients, gradientNorms(gradients)];
    });
    const [gradients, norms] = await Promise.all(tensors.map(valuesOf));
    expect(gradients).toEqual([3, -4, 3, -4, 3, -4]);
    expect(norms).toEqual([5, 5, 5]);
  });

  it('of D(x) = |x|^2 / 2 are x; the norm of an image is over pixels and channels', async () => {
    const x = [1, 2, 2, 4, 0, 0, 6, 8];
    const tensors = tf.tidy(() => {
      const gradients = inputGradients((x) => tf.sum(tf.div(tf.square(x), 2), [1, 2, 3]), tf.tensor4d(x, [2, 2, 1, 2]));
      expect(gradients.shape).toEqual([2, 2, 1, 2]);
      return [gradients, gradientNorms(gradients)];
    });
    const [gradients, norms] = await Promise.all(tensors.map(valuesOf));
    expect(gradients).toEqual(x);
    expect(norms).toEqual([5, 10]);
  });

  it('have a derivative: that of (|w| - 1)^2 is 2 (|w| - 1) w / |w|', async () => {
    const tensors = tf.tidy(() => {
      const w = tf.variable(tf.tensor2d([3, -4], [2, 1]));
      const penalty = (): tf.Scalar => tf.mean(tf.square(tf.sub(gradientNorms(inputGradients((x) => tf.matMul(x, w), tf.ones([4, 2]))), 1)));
      const { value, grads } = tf.variableGrads(penalty, [w]);
      w.dispose();
      return [value, grads[w.name] as tf.Tensor];
    });
    const [value, a, b] = (await Promise.all(tensors.map(valuesOf))).flat();
    expect(value).toBeCloseTo(16, 4);
    expect(a).toBeCloseTo((2 * 4 * 3) / 5, 4);
    expect(b).toBeCloseTo((2 * 4 * -4) / 5, 4);
  });

  it('have a finite derivative where they are zero', async () => {
    const tensors = tf.tidy(() => {
      const w = tf.variable(tf.zeros([2, 1]));
      const { value, grads } = tf.variableGrads(() => tf.mean<tf.Scalar>(gradientNorms(inputGradients((x) => tf.matMul(x, w), tf.ones([4, 2])))), [w]);
      w.dispose();
      return [value, grads[w.name] as tf.Tensor];
    });
    const [norm, slopes] = await Promise.all(tensors.map(valuesOf));
    expect(norm?.[0]).toBeCloseTo(1e-6, 9);
    expect(slopes).toEqual([0, 0]);
  });

  it('compute no kernel gradients on the way, and one for each convolution when the penalty is differentiated', async () => {
    const layer = conv2d({ filters: 2, kernelSize: 3, padding: 'same', useBias: false });
    layer.build([null, 4, 4, 1]);
    const kernel = layer.trainableWeights[0]?.read() as tf.Variable;
    const count = async (work: () => tf.TensorContainer): Promise<number> => {
      const { kernelNames } = await tf.profile(() => tf.tidy(() => (tf.dispose(work()), tf.scalar(0))));
      return kernelNames.filter((name) => name === 'Conv2DBackpropFilter').length;
    };
    const norms = (): tf.Scalar => tf.mean(gradientNorms(inputGradients((x) => tf.sum(layer.apply(x) as tf.Tensor, [1, 2, 3]), tf.ones([2, 4, 4, 1]))));
    expect(await count(norms)).toBe(0);
    expect(await count(() => tf.variableGrads(norms, [kernel]).grads)).toBe(1);
    kernel.dispose();
  });

  it("are refused on TensorFlow.js's own gradients, with what to do", () => {
    const corrected = tf.getGradient('Greater');
    tf.unregisterGradient('Greater');
    try {
      expect(() => inputGradients(tf.square, tf.ones([2, 1]))).toThrow(EngineError);
    } finally {
      tf.registerGradient(corrected);
    }
  });
});

describe('random interpolates', () => {
  it('are on the line between the pairs, each sample at a place of its own', async () => {
    const places = tf.tidy(() => {
      const [a, b] = [tf.neg(tf.ones([50, 2, 1])), tf.mul(3, tf.ones([50, 2, 1]))];
      return tf.div(tf.sub(randomInterpolates(a, b, Random.of(1)), a), 4);
    });
    const alphas = (await places.array()) as number[][][];
    places.dispose();
    for (const [[first], [second]] of alphas as [[number], [number]][]) {
      expect(first).toBeGreaterThanOrEqual(0);
      expect(first).toBeLessThan(1);
      expect(second).toBe(first);
    }
    expect(new Set(alphas.map(([first]) => first?.[0])).size).toBe(50);
    expect(Math.abs(alphas.reduce((sum, [first]) => sum + (first?.[0] as number), 0) / 50 - 0.5)).toBeLessThan(0.2); // sd of the mean: .04
  });
});
