import {
  type DataSpec,
  dcganDiscriminator,
  dcganGenerator,
  defineVariant,
  field,
  gradientNorms,
  infer,
  inputGradients,
  minimaxDiscriminatorLoss,
  type Model,
  type Networks,
  nonSaturatingGeneratorLoss,
  type Random,
  smallDiscriminator,
  smallGenerator,
  toyDiscriminator,
  toyGenerator,
  train,
} from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { perturbed } from './perturb.js';

/**
 * DRAGAN: the GAN loss, and a penalty that holds the length of D's gradient near k around the data (section 2.4), against
 * the sharp gradients there that come before a mode collapse.
 *
 *   L_D = E[-log sigmoid D(x)] + E[-log(1 - sigmoid D(G(z)))] + lambda E[(|grad D(x + delta)| - k)^2]
 *   L_G = E[-log sigmoid D(G(z))]
 *
 * D is the logit, in the penalty too. delta = alpha (std(x) u / 2), alpha and u ~ U[0, 1), alpha per sample: the authors'
 * code; the paper has delta ~ N(0, c I). D has no batch norm: each sample's gradient must be its own.
 */
export const dragan = defineVariant({
  name: 'dragan',
  paper: { title: 'On Convergence and Stability of GANs', authors: 'Kodali, Abernethy, Hays, Kira', year: 2017, url: 'https://arxiv.org/abs/1705.07215' },
  task: 'generation',
  requires: { kind: ['images', 'vectors'], sizes: [28, 32, 64], channels: [1, 3] },
  config: z.object({
    net: field(z.enum(['paper', 'shared']).default('paper'), { from: 'ours', help: "For images: DCGAN's networks as in the paper, or the small net that bench gives to every variant. Vectors have a toy net" }),
    filters: field(z.int().min(1).max(1024).default(64), { from: 'ours', help: "Filters of the discriminator's first layer; they double with every layer", unit: 'filters' }),
    stages: field(z.int().min(1).max(5).nullable().default(null), { from: 'ours', help: 'Layers of stride 2; null: as many as lead to 4x4', unit: 'layers' }),
    latentDim: field(z.int().min(1).default(100), { from: 'ours', help: 'Size of z, normally distributed', unit: 'numbers' }),
    lambda: field(z.number().min(0).default(10), { from: 'paper', help: 'Weight of the penalty' }),
    k: field(z.number().min(0).default(1), { from: 'paper', help: 'The length at which the gradient is held' }),
    learningRate: field(z.number().positive().default(1e-4), { from: "authors' code", help: "Adam's step size, both players" }),
    beta1: field(z.number().min(0).lt(1).default(0.5), { from: "authors' code", help: "Adam's decay of the mean" }),
    beta2: field(z.number().min(0).lt(1).default(0.9), { from: "authors' code", help: "Adam's decay of the square" }),
    batchSize: field(z.int().min(2).default(128), { from: "authors' code", help: 'Real samples per move, and as many fakes', unit: 'samples' }),
  }),
  presets: {
    quick: {
      stepsFactor: 3,
      config: { filters: 32, stages: 2, batchSize: 32, learningRate: 5e-4 },
      why: 'half the filters, half the images and two layers leave time for three times the steps; five times the learning rate',
    },
  },
  defaultsFor: ({ kind }) => (kind === 'vectors' ? { latentDim: 2 } : {}),

  build(config, data, random): Model<'generator' | 'discriminator'> {
    const { latentDim, lambda, k, learningRate, beta1, beta2, batchSize } = config;
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
            const fake = train(generator, random.normal([batch.size, latentDim]));
            // D judges every sample on its own, so that real and fake can pass together.
            const [realLogits, fakeLogits] = tf.split(train(discriminator, tf.concat([batch.real, fake])), 2) as [tf.Tensor, tf.Tensor];
            const adversarial = minimaxDiscriminatorLoss(realLogits, fakeLogits);
            const norms = gradientNorms(inputGradients((x) => train(discriminator, x), perturbed(batch.real, random)));
            const penalty = tf.mean<tf.Scalar>(tf.square(tf.sub(norms, k)));
            return { total: tf.add(adversarial, tf.mul(lambda, penalty)), log: { adversarial, penalty, gradientNorm: tf.mean(norms) } };
          },
        },
        {
          name: 'generator',
          trains: ['generator'],
          needs: [],
          optimizer,
          loss({ networks: { generator, discriminator }, batch, random }) {
            const fake = train(generator, random.normal([batch.size, latentDim]));
            return { total: nonSaturatingGeneratorLoss(train(discriminator, fake)) };
          },
        },
      ],
      sampleLatents: (n, random) => ({ z: random.normal([n, latentDim]) }),
      generate: ({ generator }, { z }) => infer(generator, z as tf.Tensor),
    };
  },
});

/** Hidden layers of both networks on vectors, ours: as WGAN-GP's toy. */
const TOY_HIDDEN = [512, 512, 512];

interface NetworkOptions {
  readonly net: 'paper' | 'shared';
  readonly filters: number;
  readonly stages: number | null;
  readonly latentDim: number;
}

function buildNetworks(options: NetworkOptions, data: DataSpec, random: Random): Networks<'generator' | 'discriminator'> {
  const { net, latentDim } = options;
  if (data.kind === 'vectors') {
    const hidden = TOY_HIDDEN;
    return { generator: toyGenerator(data, { hidden, latentDim }, random), discriminator: toyDiscriminator(data, { hidden, activation: 'relu' }, random) };
  }
  if (net === 'shared') return { generator: smallGenerator(data, latentDim, random), discriminator: smallDiscriminator(data, { norm: 'none' }, random) };
  return { generator: dcganGenerator(data, options, random), discriminator: dcganDiscriminator(data, { ...options, norm: 'none' }, random) };
}
