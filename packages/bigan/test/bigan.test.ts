import { bigan, biganDiscriminator, biganEncoder, biganGenerator } from '@ganzoo/bigan';
import { infer, type Model, type Move, type Player, Random, train, Trainer } from '@ganzoo/core';
import { syntheticDataset } from '@ganzoo/core/testing';
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';

const data = { name: 'images', kind: 'images', shape: [28, 28, 1] } as const;
const config = { hiddenUnits: 1024, latentDim: 50 };

describe("the paper's networks", () => {
  const trained = (network: tf.LayersModel): Record<string, string> =>
    Object.fromEntries(network.trainableWeights.map(({ originalName, shape }) => [originalName, shape.join('x')]));

  it('are MLPs with two hidden layers of 1024 and no weights but their kernels; z joins the second layer of G and D', () => {
    expect(trained(biganGenerator(config, data, Random.of(0)))).toEqual({ 'fc1/kernel': '50x1024', 'fc2/kernel': '1074x1024', 'pixels/kernel': '1024x784' });
    expect(trained(biganEncoder(config, data, Random.of(0)))).toEqual({ 'fc1/kernel': '784x1024', 'fc2/kernel': '1024x1024', 'code/kernel': '1024x50' });
    expect(trained(biganDiscriminator(config, data, Random.of(0)))).toEqual({ 'fc1/kernel': '784x1024', 'fc2/kernel': '1074x1024', 'logit/kernel': '1024x1' });
  });
});

describe('the game', () => {
  const trainer = new Trainer({ variant: bigan, dataset: syntheticDataset(data), config: { hiddenUnits: 8, latentDim: 4 } });
  const { networks, players, encode, features } = trainer.model as Model<'generator' | 'encoder' | 'discriminator'>;
  const { generator, encoder, discriminator } = networks;
  const [real, latents] = [Random.of('real').uniform([6, 28, 28, 1], -1, 1), Random.of('latents').uniform([6, 4], -1, 1)];
  afterAll(() => trainer.dispose());

  it('is the loss of equation 2 on pairs, and for G and E the same with the labels exchanged', () => {
    discriminator.getLayer('logit').setWeights([Random.of('logit').normal([8, 1])]); // far enough from 0 to tell the two apart
    const encoded = train(discriminator, [real, train(encoder, real)]).dataSync();
    const generated = train(discriminator, [train(generator, latents), latents]).dataSync();
    const crossEntropy = (ones: ArrayLike<number>, zeros: ArrayLike<number>): number =>
      (mean(ones, (a) => Math.log(1 + Math.exp(-a))) + mean(zeros, (a) => Math.log(1 + Math.exp(a)))) / 2;
    expect(lossOf('discriminator')).toBeCloseTo(crossEntropy(encoded, generated), 5);
    expect(lossOf('generatorAndEncoder')).toBeCloseTo(crossEntropy(generated, encoded), 5);
    expect(Math.abs(crossEntropy(encoded, generated) - crossEntropy(generated, encoded))).toBeGreaterThan(0.01);
  });

  it("is ln 2 for both when the discriminator knows nothing, as the authors' code prints at its start", () => {
    discriminator.getLayer('logit').setWeights([tf.zeros([8, 1])]);
    expect(lossOf('discriminator')).toBeCloseTo(Math.LN2, 5);
    expect(lossOf('generatorAndEncoder')).toBeCloseTo(Math.LN2, 5);
  });

  it('has features whose last linear layer gives the code, by a sigmoid scaled to [-1, 1]', () => {
    const [kernel] = encoder.getLayer('code').getWeights() as [tf.Tensor2D];
    const linear = tf.matMul(features?.(networks, real) as tf.Tensor2D, kernel).dataSync();
    const codes = encode?.(networks, real).dataSync() as Float32Array;
    expect(codes).toHaveLength(6 * 4);
    codes.forEach((value, i) => expect(value).toBeCloseTo(2 / (1 + Math.exp(-(linear[i] as number))) - 1, 5));
  });

  function lossOf(name: string): number {
    const shared = { real, latents };
    const move = { networks, batch: { size: 6, real }, random: { uniform: () => latents }, shared: { get: (key: keyof typeof shared) => shared[key] } };
    const player = players.find((one) => one.name === name) as Player<'generator' | 'encoder' | 'discriminator'>;
    return player.loss(move as unknown as Move<'generator' | 'encoder' | 'discriminator'>).total.dataSync()[0] as number;
  }
});

describe('images in [-1, 1]', () => {
  it('are in [0, 1] within the networks: without biases a black image is encoded as zeros', () => {
    const black = tf.neg(tf.ones([2, 28, 28, 1]));
    expect([...infer(biganEncoder({ ...config, hiddenUnits: 8 }, data, Random.of(0)), black).dataSync()].every((value) => value === 0)).toBe(true);
    const generated = infer(biganGenerator({ ...config, hiddenUnits: 8 }, data, Random.of(0)), Random.of('z').uniform([50, 50], -1, 1)).dataSync();
    expect(Math.min(...generated)).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...generated)).toBeLessThanOrEqual(1);
    expect(Math.min(...generated)).toBeLessThan(0);
  });
});

describe('the learning rate', () => {
  it('stays for 200 epochs and then falls exponentially to 1 % in as many, half of the way being a tenth', () => {
    const trainer = new Trainer({ variant: bigan, dataset: syntheticDataset(data), config: { hiddenUnits: 2 } });
    const rate = (step: number): number => trainer.model.plan?.(step).scalars?.learningRate as number;
    expect([0, 77_999, 78_000].map(rate)).toEqual([2e-4, 2e-4, 2e-4]);
    expect(rate(117_000)).toBeCloseTo(2e-5, 12);
    expect(rate(156_000)).toBeCloseTo(2e-6, 12);
    expect(rate(1e6)).toBeCloseTo(2e-6, 12);
    trainer.dispose();
  });
});

describe('the defaults', () => {
  it("are the paper's", () => {
    expect(bigan.config.parse({})).toMatchObject({ learningRate: 2e-4, beta1: 0.5, weightDecay: 2.5e-5, batchSize: 128, latentDim: 50, hiddenUnits: 1024 });
  });
});

function mean(values: ArrayLike<number>, map: (value: number) => number): number {
  return Array.from(values).reduce((sum, value) => sum + map(value), 0) / values.length;
}
