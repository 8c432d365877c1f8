import { ConfigError, configFor, type Dataset, Random, resolveConfig, Trainer } from '@ganzoo/core';
import { gan, ganDiscriminator, ganGenerator } from '@ganzoo/gan';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

const glyphs = { name: 'glyphs', kind: 'images', shape: [28, 28, 1] } as const;
const points = { name: 'points', kind: 'vectors', shape: [2] } as const;

/** Weight shapes by name. */
function weights(network: tf.LayersModel): Record<string, string> {
  return Object.fromEntries(network.trainableWeights.map(({ originalName, shape }) => [originalName, shape.join('x')]));
}

describe('the networks', () => {
  const config = { latentDim: 100, hidden: [256, 512, 1024], dropout: 0.3 };

  it('for images are 256-512-1024 and back, without biases left out', () => {
    expect(weights(ganGenerator(config, glyphs, Random.of(0)))).toEqual({
      'fc1/kernel': '100x256', 'fc1/bias': '256', 'fc2/kernel': '256x512', 'fc2/bias': '512', 'fc3/kernel': '512x1024', 'fc3/bias': '1024',
      'out/kernel': '1024x784', 'out/bias': '784',
    });
    expect(weights(ganDiscriminator(config, glyphs, Random.of(0)))).toEqual({
      'fc1/kernel': '784x1024', 'fc1/bias': '1024', 'fc2/kernel': '1024x512', 'fc2/bias': '512', 'fc3/kernel': '512x256', 'fc3/bias': '256',
      'logit/kernel': '256x1', 'logit/bias': '1',
    });
  });

  it('drop values of every hidden layer of the discriminator, unless the rate is 0', () => {
    const rates = (dropout: number): unknown[] =>
      ganDiscriminator({ ...config, dropout }, glyphs, Random.of(0)).layers.filter((layer) => layer.getClassName() === 'Dropout').map((layer) => layer.getConfig().rate);
    expect(rates(0.3)).toEqual([0.3, 0.3, 0.3]);
    expect(rates(0)).toEqual([]);
  });

  it('for vectors are two layers of 128, and z has 2 dimensions', () => {
    const { networks } = gan.build(configFor(gan, points), points, Random.of(0));
    expect(weights(networks.generator as tf.LayersModel)).toMatchObject({ 'fc1/kernel': '2x128', 'fc2/kernel': '128x128', 'out/kernel': '128x2' });
    expect(weights(networks.discriminator as tf.LayersModel)).toMatchObject({ 'fc1/kernel': '2x128', 'fc2/kernel': '128x128', 'logit/kernel': '128x1' });
  });

  it('are only built for data that they are made for', () => {
    const build = (net: string, data: typeof glyphs | typeof points) => () => gan.build(configFor(gan, data, { net }), data, Random.of(0));
    expect(build('pacgan', glyphs)).toThrow(ConfigError);
    expect(build('shared', points)).toThrow(ConfigError);
  });
});

describe('a first step', () => {
  /** Every sample is (1, -2), so that the batch is known. */
  const dataset: Dataset = {
    spec: points,
    source: () => ({ spec: points, length: 50, read: async (indices) => ({ values: Float32Array.from({ length: 2 * indices.length }, (_, i) => (i % 2 === 0 ? 1 : -2)) }) }),
  };
  const mean = (values: Iterable<number>): number => Array.from(values).reduce((sum, value, _, { length }) => sum + value / length, 0);
  const softplus = (x: number): number => Math.log1p(Math.exp(x));

  /** Losses of the first step, and the logits that the networks give before it to the real sample and to the fakes of a player's draws. */
  async function firstStep(updates: 'alternating' | 'simultaneous', player: string) {
    const trainer = new Trainer({ variant: gan, dataset, config: { updates, batchSize: 6 }, seed: 3 });
    const { generator, discriminator } = trainer.model.networks as Record<'generator' | 'discriminator', tf.LayersModel>;
    const latents = Random.of(3, 'move', 0, player, 0).normal([6, 2]);
    const fake = discriminator.predict(generator.predict(latents) as tf.Tensor) as tf.Tensor;
    const real = discriminator.predict(tf.tensor2d([[1, -2]])) as tf.Tensor;
    const logits = { real: await real.data(), fake: await fake.data() };
    let losses: Readonly<Record<string, number>> = {};
    await trainer.train({ steps: 1, callbacks: [{ onStep: (event) => void (losses = event.losses) }] });
    trainer.dispose();
    return { losses, logits };
  }

  it('of alternating updates has the losses of eq. 1 by hand, the generator against the updated discriminator', async () => {
    const { losses, logits } = await firstStep('alternating', 'discriminator');
    expect(losses['discriminator.total']).toBeCloseTo(mean(Array.from(logits.real, (a) => softplus(-a))) + mean(Array.from(logits.fake, softplus)), 5);
    const { losses: again, logits: before } = await firstStep('alternating', 'generator');
    expect(Math.abs((again['generator.total'] as number) - mean(Array.from(before.fake, (a) => softplus(-a))))).toBeGreaterThan(1e-4);
  });

  it('of simultaneous updates has both losses of the same fakes, before either player moved', async () => {
    const { losses, logits } = await firstStep('simultaneous', 'generator');
    expect(losses['generator.total']).toBeCloseTo(mean(Array.from(logits.fake, (a) => softplus(-a))), 5);
    expect(losses['discriminator.total']).toBeCloseTo(mean(Array.from(logits.real, (a) => softplus(-a))) + mean(Array.from(logits.fake, softplus)), 5);
  });
});

describe('the config', () => {
  it('refuses a dropout of everything and no hidden layer', () => {
    expect(() => resolveConfig('gan', gan.config, { dropout: 1 })).toThrow(ConfigError);
    expect(() => resolveConfig('gan', gan.config, { hidden: [] })).toThrow(ConfigError);
  });
});
