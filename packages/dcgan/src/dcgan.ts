import {
  dcganDiscriminator,
  dcganGenerator,
  defineVariant,
  field,
  infer,
  minimaxDiscriminatorLoss,
  type Model,
  nonSaturatingGeneratorLoss,
  type Random,
  smallDiscriminator,
  smallGenerator,
  train,
} from '@ganzoo/core';
import type * as tf from '@tensorflow/tfjs';
import { z } from 'zod';

/**
 * DCGAN: the GAN loss of Goodfellow et al. on convolutional networks with batch norm.
 *
 *   L_D = E[-log sigmoid D(x)] + E[-log(1 - sigmoid D(G(z)))]
 *   L_G = E[-log sigmoid D(G(z))]
 */
export const dcgan = defineVariant({
  name: 'dcgan',
  paper: {
    title: 'Unsupervised Representation Learning with Deep Convolutional Generative Adversarial Networks',
    authors: 'Radford, Metz, Chintala',
    year: 2015,
    url: 'https://arxiv.org/abs/1511.06434',
  },
  task: 'generation',
  requires: { kind: ['images'], sizes: [28, 32, 64], channels: [1, 3] },
  config: z.object({
    net: field(z.enum(['paper', 'shared']).default('paper'), { from: 'ours', help: "The paper's network, or the small net that bench gives to every variant" }),
    filters: field(z.int().min(1).max(1024).default(64), { from: 'paper', help: "Filters of the discriminator's first layer; they double with every layer", unit: 'filters' }),
    stages: field(z.int().min(1).max(5).nullable().default(null), { from: 'ours', help: 'Layers of stride 2; null: as many as lead to 4x4', unit: 'layers' }),
    latentDim: field(z.int().min(1).default(100), { from: 'paper', help: 'Size of z', unit: 'numbers' }),
    latent: field(z.enum(['uniform', 'normal']).default('uniform'), { from: 'paper', help: "Distribution of z: U(-1, 1), or N(0, 1) as in PyTorch's example" }),
    learningRate: field(z.number().positive().default(2e-4), { from: 'paper', help: "Adam's step size, both players" }),
    beta1: field(z.number().min(0).lt(1).default(0.5), { from: 'paper', help: "Adam's decay of the mean" }),
    beta2: field(z.number().min(0).lt(1).default(0.999), { from: 'paper', help: "Adam's decay of the square" }),
    batchSize: field(z.int().min(2).default(128), { from: 'paper', help: 'Real images per move, and as many fakes', unit: 'images' }),
  }),
  presets: {
    quick: {
      stepsFactor: 3,
      config: { filters: 32, stages: 2, batchSize: 32 },
      why: 'half the filters, half the images and two layers leave time for three times the steps',
    },
  },

  build(config, data, random): Model<'generator' | 'discriminator'> {
    const { net, latentDim, latent, learningRate, beta1, beta2, batchSize } = config;
    const networks =
      net === 'shared'
        ? { generator: smallGenerator(data, latentDim, random), discriminator: smallDiscriminator(data, { norm: 'batch' }, random) }
        : { generator: dcganGenerator(data, config, random), discriminator: dcganDiscriminator(data, { ...config, norm: 'batch' }, random) };
    const optimizer = { kind: 'adam', learningRate, beta1, beta2 } as const;

    return {
      networks,
      averaged: ['generator'],
      batchSize,
      players: [
        {
          name: 'discriminator',
          trains: ['discriminator'],
          updatesStatisticsOf: ['generator'],
          needs: ['real'],
          optimizer,
          loss({ networks: { generator, discriminator }, batch, random }) {
            const latents = draw(batch.size, random);
            // Real and fake pass D apart, each with its own batch statistics, as in the authors' code.
            const realLogits = train(discriminator, batch.real);
            const fakeLogits = train(discriminator, train(generator, latents));
            return { total: minimaxDiscriminatorLoss(realLogits, fakeLogits), shared: { latents } };
          },
        },
        {
          name: 'generator',
          trains: ['generator'],
          updatesStatisticsOf: ['discriminator'],
          needs: [],
          optimizer,
          loss({ networks: { generator, discriminator }, shared }) {
            // The same fakes that the discriminator has just seen, as in the authors' code: the same latents, and G has not moved.
            const fake = train(generator, shared.get('latents'));
            return { total: nonSaturatingGeneratorLoss(train(discriminator, fake)) };
          },
        },
      ],
      sampleLatents: (n, random) => ({ z: draw(n, random) }),
      generate: ({ generator }, { z }) => infer(generator, z as tf.Tensor),
    };

    function draw(n: number, random: Random): tf.Tensor {
      return latent === 'uniform' ? random.uniform([n, latentDim], -1, 1) : random.normal([n, latentDim]);
    }
  },
});
