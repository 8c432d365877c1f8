import { cgan, cganDiscriminator, cganGenerator } from '@ganzoo/cgan';
import { infer, Random, Trainer } from '@ganzoo/core';
import { syntheticDataset } from '@ganzoo/core/testing';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { cyclingLabels, joinLabel, oneHot } from '../src/labels.js';
import { labelledSmallDiscriminator, labelledSmallGenerator } from '../src/shared-networks.js';

const data = (size: number, channels = 1) => ({ name: 'images', kind: 'images', shape: [size, size, channels], classes: 10 }) as const;
const config = { filters: 64, hiddenUnits: 1024, latentDim: 100 };

function trained(network: tf.LayersModel): Record<string, string> {
  return Object.fromEntries(network.trainableWeights.map(({ originalName, shape }) => [originalName, shape.join('x')]));
}

describe('the networks', () => {
  // https://github.com/Newmu/dcgan_code, mnist/train_cond_dcgan.py: gw, gw2, gw3, gwx; dw, dw2, dw3, dwy
  it("train exactly the weights of the authors' code for MNIST: four kernels each, which all see the ten labels", () => {
    expect(trained(cganGenerator(config, data(28), Random.of(0)))).toEqual({
      'fc1/kernel': '110x1024',
      'fc2/kernel': `${1024 + 10}x${64 * 2 * 7 * 7}`,
      'deconv1/kernel': `5x5x64x${64 * 2 + 10}`,
      'deconv2/kernel': `5x5x1x${64 + 10}`,
    });
    expect(trained(cganDiscriminator(config, data(28), Random.of(0)))).toEqual({
      'conv1/kernel': '5x5x11x64',
      'conv2/kernel': `5x5x${64 + 10}x128`,
      'fc1/kernel': `${64 * 2 * 7 * 7 + 10}x1024`,
      'logit/kernel': `${1024 + 10}x1`,
    });
  });

  it('on the shared net see the label at their inputs alone', () => {
    expect(trained(labelledSmallGenerator(data(32, 3), 100, Random.of(0)))).toMatchObject({ 'fc1/kernel': '110x1024', 'fc2/kernel': '1024x8192' });
    expect(trained(labelledSmallDiscriminator(data(32, 3), Random.of(0)))).toMatchObject({ 'conv1/kernel': '4x4x13x64', 'conv2/kernel': '4x4x64x128' });
  });

  it.each(['paper', 'shared'] as const)('make another picture of another label, and judge one picture otherwise: %s', (net) => {
    const trainer = new Trainer({ variant: cgan, dataset: syntheticDataset(data(28)), config: { net, filters: 4, hiddenUnits: 16, latentDim: 4 } });
    const { generator, discriminator } = trainer.model.networks as Record<'generator' | 'discriminator', tf.LayersModel>;
    const [one, other] = [0, 7].map((label) => oneHot(tf.tensor1d([label], 'int32'), 10)) as [tf.Tensor, tf.Tensor];
    const z = Random.of(1).uniform([1, 4], -1, 1);
    const image = infer(generator, [z, one]);
    const distance = (a: tf.Tensor, b: tf.Tensor): number => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0] as number;
    expect(distance(image, infer(generator, [z, other]))).toBeGreaterThan(1e-4);
    expect(distance(infer(discriminator, [image, one]), infer(discriminator, [image, other]))).toBeGreaterThan(1e-5);
    trainer.dispose();
  });
});

describe('labels', () => {
  it('join maps as constant maps, behind the maps that are there', () => {
    const [maps, label] = [tf.input({ shape: [1, 2, 1] }), tf.input({ shape: [3] })];
    const network = tf.model({ inputs: [maps, label], outputs: joinLabel(maps, label, 'join') });
    const joined = infer(network, [tf.tensor4d([5, 6, 7, 8], [2, 1, 2, 1]), tf.tensor2d([[0, 1, 0], [0, 0, 1]])]);
    expect(joined.arraySync()).toEqual([[[[5, 0, 1, 0], [6, 0, 1, 0]]], [[[7, 0, 0, 1], [8, 0, 0, 1]]]]);
  });

  it('go round when samples are drawn, and come with them', async () => {
    expect([...cyclingLabels(7, 3).dataSync()]).toEqual([0, 1, 2, 0, 1, 2, 0]);
    const trainer = new Trainer({ variant: cgan, dataset: syntheticDataset(data(28)), config: { filters: 2, hiddenUnits: 4, latentDim: 4 } });
    const { labels } = await trainer.sample(12);
    expect([...(labels ?? [])]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
    trainer.dispose();
  });
});

describe('the defaults', () => {
  it("are the code's", () => {
    expect(cgan.config.parse({})).toMatchObject({ learningRate: 2e-4, beta1: 0.5, weightDecay: 2.5e-5, batchSize: 128, latentDim: 100, filters: 64 });
  });
});
