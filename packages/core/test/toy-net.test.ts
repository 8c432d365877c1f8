import { ConfigError, infer, pacganDiscriminator, pacganGenerator, Random, toyDiscriminator, toyGenerator } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

const ring = { name: 'ring', kind: 'vectors', shape: [2] } as const;

/** Weight shapes by name. */
function weights(network: tf.LayersModel): Record<string, string> {
  return Object.fromEntries(network.trainableWeights.map(({ originalName, shape }) => [originalName, shape.join('x')]));
}

describe('the toy networks', () => {
  it('are as wide and deep as they are told', () => {
    expect(weights(toyGenerator(ring, { latentDim: 3, hidden: [8, 5] }, Random.of(0)))).toEqual({
      'fc1/kernel': '3x8', 'fc1/bias': '8', 'fc2/kernel': '8x5', 'fc2/bias': '5', 'out/kernel': '5x2', 'out/bias': '2',
    });
    expect(weights(toyDiscriminator(ring, { hidden: [8], activation: 'leakyRelu' }, Random.of(0)))).toEqual({
      'fc1/kernel': '2x8', 'fc1/bias': '8', 'logit/kernel': '8x1', 'logit/bias': '1',
    });
  });

  it('have no bias where batch norm has one', () => {
    expect(Object.keys(weights(toyGenerator(ring, { latentDim: 3, hidden: [8], batchNorm: true }, Random.of(0))))).toEqual([
      'fc1/kernel', 'fc1_bn/gamma', 'fc1_bn/beta', 'out/kernel', 'out/bias',
    ]);
  });

  it('start with kernels of sd sqrt(2 / inputs), or of the sd that is asked for', async () => {
    const sd = async (kernelSd?: number): Promise<number> => {
      const network = toyDiscriminator(ring, { hidden: [400, 200], activation: 'relu', ...(kernelSd && { kernelSd }) }, Random.of(1));
      const values = await (network.trainableWeights[2] as tf.LayerVariable).read().data<'float32'>();
      return Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
    };
    // 80,000 draws: relative standard error 1 / sqrt(160,000) = .0025
    expect((await sd()) / Math.sqrt(2 / 400)).toBeCloseTo(1, 1.9);
    expect((await sd(0.02)) / 0.02).toBeCloseTo(1, 1.9);
  });

  it('compute relu(x W1 + b1) W2 + b2, with a slope of .2 below zero where the activation leaks', async () => {
    const outputs = (activation: 'relu' | 'leakyRelu'): number[] => {
      const network = toyDiscriminator(ring, { hidden: [2], activation }, Random.of(0));
      network.setWeights([tf.tensor2d([1, -1, 2, 1], [2, 2]), tf.tensor1d([0, -1]), tf.tensor2d([3, 5], [2, 1]), tf.tensor1d([7])]);
      return Array.from(infer(network, tf.tensor2d([[1, 1], [0, -1]])).dataSync());
    };
    // x = (1, 1): hidden (3, -1); x = (0, -1): hidden (-2, -2)
    expect(outputs('relu')).toEqual([3 * 3 + 7, 7]);
    outputs('leakyRelu').forEach((value, i) => expect(value).toBeCloseTo([9 - 0.2 * 5 + 7, -0.4 * 3 - 0.4 * 5 + 7][i] as number, 5));
  });

  it("of PacGAN's code are 4 x 400 with batch norm and 3 x 200 maxout of 5 pieces", () => {
    expect(weights(pacganGenerator(ring, 2, Random.of(0)))).toEqual({
      'fc1/kernel': '2x400', 'fc1_bn/gamma': '400', 'fc1_bn/beta': '400',
      'fc2/kernel': '400x400', 'fc2_bn/gamma': '400', 'fc2_bn/beta': '400',
      'fc3/kernel': '400x400', 'fc3_bn/gamma': '400', 'fc3_bn/beta': '400',
      'fc4/kernel': '400x400', 'fc4_bn/gamma': '400', 'fc4_bn/beta': '400',
      'out/kernel': '400x2', 'out/bias': '2',
    });
    expect(weights(pacganDiscriminator(ring, Random.of(0)))).toEqual({
      'fc1/kernel': '2x1000', 'fc1/bias': '1000', 'fc2/kernel': '200x1000', 'fc2/bias': '1000', 'fc3/kernel': '200x1000', 'fc3/bias': '1000',
      'logit/kernel': '200x1', 'logit/bias': '1',
    });
  });

  it('refuse images', () => {
    const images = { name: 'glyphs', kind: 'images', shape: [28, 28, 1] } as const;
    expect(() => toyGenerator(images, { latentDim: 2, hidden: [4] }, Random.of(0))).toThrow(ConfigError);
    expect(() => toyDiscriminator(images, { hidden: [4], activation: 'relu' }, Random.of(0))).toThrow("not for glyphs [28,28,1]");
  });
});
