import {
  type DataSpec,
  dcganDiscriminator,
  dcganGenerator,
  defineVariant,
  field,
  infer,
  type Model,
  type Networks,
  type Random,
  smallDiscriminator,
  smallGenerator,
  toyDiscriminator,
  toyGenerator,
  train,
} from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { leastSquares } from './losses.js';

/**
 * Least squares GAN: D, whose output is linear, is pulled to b on real and to a on generated samples; G pulls it to c there (eq. 2).
 *
 *   L_D = 1/2 E[(D(x) - b)^2] + 1/2 E[(D(G(z)) - a)^2]
 *   L_G = 1/2 E[(D(G(z)) - c)^2]
 *
 * Defaults a, b, c = 0, 1, 1 (eq. 9); with -1, 1, 0 (eq. 8) minimizing L_G minimizes a Pearson chi^2 divergence. Both players of a step
 * use the same z, as in the authors' code, where each term is a sum over the batch: to Adam a factor is nothing.
 *
 * The authors train their own VGG-like net for 112 pixels with Adam 1e-3, and DCGAN's (section 4.3, code) with 2e-4: this is that one.
 */
export const lsgan = defineVariant({
  name: 'lsgan',
  paper: { title: 'Least Squares Generative Adversarial Networks', authors: 'Mao, Li, Xie, Lau, Wang, Smolley', year: 2016, url: 'https://arxiv.org/abs/1611.04076' },
  task: 'generation',
  requires: { kind: ['images', 'vectors'], sizes: [28, 32, 64], channels: [1, 3] },
  config: z.object({
    net: field(z.enum(['paper', 'shared']).default('paper'), { from: 'ours', help: "For images: DCGAN's networks, or the small net that bench gives to every variant. Vectors have a toy net" }),
    filters: field(z.int().min(1).max(1024).default(64), { from: "authors' code", help: "Filters of the discriminator's first layer; they double with every layer", unit: 'filters' }),
    stages: field(z.int().min(1).max(5).nullable().default(null), { from: 'ours', help: 'Layers of stride 2; null: as many as lead to 4x4', unit: 'layers' }),
    hidden: field(z.array(z.int().min(1)).min(1).default([128, 128]), { from: "authors' code", help: "Units of the toy net's hidden layers, in both networks", unit: 'units' }),
    latentDim: field(z.int().min(1).default(1024), { from: "authors' code", help: 'Size of z, uniform in [-1, 1]; 2 for vectors', unit: 'numbers' }),
    fakeTarget: field(z.number().default(0), { from: 'paper', help: 'a: where the discriminator wants generated samples' }),
    realTarget: field(z.number().default(1), { from: 'paper', help: 'b: where it wants real samples' }),
    generatorTarget: field(z.number().default(1), { from: 'paper', help: 'c: where the generator wants its samples' }),
    learningRate: field(z.number().positive().default(2e-4), { from: "authors' code", help: "Adam's step size, both players" }),
    beta1: field(z.number().min(0).lt(1).default(0.5), { from: 'paper', help: "Adam's decay of the mean" }),
    beta2: field(z.number().min(0).lt(1).default(0.999), { from: 'ours', help: "Adam's decay of the square" }),
    batchSize: field(z.int().min(2).default(64), { from: 'paper', help: 'Real samples per move, and as many fakes', unit: 'samples' }),
  }),
  presets: {
    quick: {
      stepsFactor: 3,
      config: { filters: 32, stages: 2, batchSize: 32, latentDim: 100, learningRate: 5e-4 },
      why: "slower to begin than the GAN loss: half the filters, half the images and two layers leave time for three times the steps; more than twice the learning rate, and DCGAN's size of z",
    },
  },
  defaultsFor: ({ kind }) => (kind === 'vectors' ? { latentDim: 2 } : {}),

  build(config, data, random): Model<'generator' | 'discriminator'> {
    const { latentDim, fakeTarget, realTarget, generatorTarget, learningRate, beta1, beta2, batchSize } = config;
    const optimizer = { kind: 'adam', learningRate, beta1, beta2 } as const;

    return {
      networks: buildNetworks(config, data, random),
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
            const latents = random.uniform([batch.size, latentDim], -1, 1);
            const realScores = train(discriminator, batch.real);
            const fakeScores = train(discriminator, train(generator, latents));
            return { total: tf.add(leastSquares(realScores, realTarget), leastSquares(fakeScores, fakeTarget)), shared: { latents } };
          },
        },
        {
          name: 'generator',
          trains: ['generator'],
          updatesStatisticsOf: ['discriminator'],
          needs: [],
          optimizer,
          loss({ networks: { generator, discriminator }, shared }) {
            const fakeScores = train(discriminator, train(generator, shared.get('latents')));
            return { total: leastSquares(fakeScores, generatorTarget) };
          },
        },
      ],
      sampleLatents: (n, random) => ({ z: random.uniform([n, latentDim], -1, 1) }),
      generate: ({ generator }, { z }) => infer(generator, z as tf.Tensor),
    };
  },
});

interface NetworkOptions {
  readonly net: 'paper' | 'shared';
  readonly filters: number;
  readonly stages: number | null;
  readonly hidden: readonly number[];
  readonly latentDim: number;
}

function buildNetworks(options: NetworkOptions, data: DataSpec, random: Random): Networks<'generator' | 'discriminator'> {
  const { net, hidden, latentDim } = options;
  if (data.kind === 'vectors') {
    return { generator: toyGenerator(data, { hidden, latentDim }, random), discriminator: toyDiscriminator(data, { hidden, activation: 'leakyRelu' }, random) };
  }
  if (net === 'shared') return { generator: smallGenerator(data, latentDim, random), discriminator: smallDiscriminator(data, { norm: 'batch' }, random) };
  return { generator: dcganGenerator(data, options, random), discriminator: dcganDiscriminator(data, { ...options, norm: 'batch' }, random) };
}
