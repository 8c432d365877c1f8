import { defineVariant, field, gradientNorms, infer, inputGradients, type Model, randomInterpolates, train } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { networkFields } from './fields.js';
import { wganNetworks } from './networks.js';

/**
 * WGAN-GP: the critic D is held near gradient norm 1 on lines between data and fakes, by a penalty instead of clipping
 * (eq. 3, Algorithm 1).
 *
 *   L_D = E[D(G(z))] - E[D(x)] + lambda E[(|grad D(x^)| - 1)^2],  x^ = x + alpha (G(z) - x),  alpha ~ U[0, 1) per sample
 *   L_G = -E[D(G(z))]
 *
 * The critic has no batch norm: each sample's gradient must be its own. The norm is over pixels and channels.
 */
export const wganGp = defineVariant({
  name: 'wgan-gp',
  paper: { title: 'Improved Training of Wasserstein GANs', authors: 'Gulrajani, Ahmed, Arjovsky, Dumoulin, Courville', year: 2017, url: 'https://arxiv.org/abs/1704.00028' },
  task: 'generation',
  requires: { kind: ['images', 'vectors'], sizes: [28, 32, 64], channels: [1, 3] },
  config: z.object({
    ...networkFields,
    net: field(z.enum(['paper', 'shared', 'pacgan']).default('paper'), { from: 'ours', help: "For images DCGAN's networks as in the paper, or the small net that bench gives to every variant; for vectors a toy net, or that of PacGAN's experiments" }),
    latentDim: field(z.int().min(1).default(128), { from: "authors' code", help: 'Size of z, normally distributed', unit: 'numbers' }),
    lambda: field(z.number().min(0).default(10), { from: 'paper', help: 'Weight of the penalty' }),
    nCritic: field(z.int().min(1).default(5), { from: 'paper', help: 'Moves of the critic per step', unit: 'moves' }),
    learningRate: field(z.number().positive().default(1e-4), { from: 'paper', help: "Adam's step size, both players" }),
    beta1: field(z.number().min(0).lt(1).default(0), { from: 'paper', help: "Adam's decay of the mean; .5 in the authors' code" }),
    beta2: field(z.number().min(0).lt(1).default(0.9), { from: 'paper', help: "Adam's decay of the square" }),
    batchSize: field(z.int().min(2).default(64), { from: 'paper', help: 'Real samples per move, and as many fakes', unit: 'samples' }),
  }),
  presets: {
    quick: {
      stepsFactor: 3,
      config: { filters: 32, stages: 2, batchSize: 32, learningRate: 5e-4, nCritic: 2 },
      why: 'half the filters, half the images and two layers leave time for three times the steps; two moves of the critic instead of five, and five times the learning rate',
    },
    mixtures: {
      stepsFactor: 0.2,
      config: { net: 'pacgan', batchSize: 100 },
      why: "PacGAN's network and batches; five moves of the critic a step, so that every discriminator sees as many real samples",
    },
  },
  /** The 2-D experiments of section 3, as in the authors' code. */
  defaultsFor: ({ kind }) => (kind === 'vectors' ? { latentDim: 2, lambda: 0.1, batchSize: 256 } : {}),

  build(config, data, random): Model<'generator' | 'critic'> {
    const { latentDim, lambda, nCritic, learningRate, beta1, beta2, batchSize } = config;
    const optimizer = { kind: 'adam', learningRate, beta1, beta2 } as const;

    return {
      networks: wganNetworks({ ...config, norm: 'none' }, data, random),
      averaged: ['generator'],
      batchSize,
      plan: () => ({ moves: { critic: nCritic } }),
      players: [
        {
          name: 'critic',
          trains: ['critic'],
          updatesStatisticsOf: ['generator'],
          needs: ['real'],
          optimizer,
          loss({ networks: { generator, critic }, batch, random }) {
            const fake = train(generator, random.normal([batch.size, latentDim]));
            // D scores every sample on its own, so that real and fake can pass together.
            const [realScore, fakeScore] = tf.split(train(critic, tf.concat([batch.real, fake])), 2).map((scores) => tf.mean(scores)) as [tf.Scalar, tf.Scalar];
            const norms = gradientNorms(inputGradients((x) => train(critic, x), randomInterpolates(batch.real, fake, random)));
            const penalty = tf.mean<tf.Scalar>(tf.square(tf.sub(norms, 1)));
            return {
              total: tf.add(tf.sub(fakeScore, realScore), tf.mul(lambda, penalty)),
              log: { wasserstein: tf.sub(realScore, fakeScore), penalty, gradientNorm: tf.mean(norms) },
            };
          },
        },
        {
          name: 'generator',
          trains: ['generator'],
          needs: [],
          optimizer,
          loss({ networks: { generator, critic }, batch, random }) {
            const fake = train(generator, random.normal([batch.size, latentDim]));
            return { total: tf.neg(tf.mean<tf.Scalar>(train(critic, fake))) };
          },
        },
      ],
      sampleLatents: (n, random) => ({ z: random.normal([n, latentDim]) }),
      generate: ({ generator }, { z }) => infer(generator, z as tf.Tensor),
    };
  },
});
