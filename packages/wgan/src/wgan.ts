import { defineVariant, field, infer, type Model, train } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { networkFields } from './fields.js';
import { wganNetworks } from './networks.js';

/**
 * WGAN: the critic f estimates the Wasserstein distance between data and fakes (eq. 2), and stays Lipschitz because its
 * weights are clipped; the generator minimizes the estimate (Algorithm 1).
 *
 *   L_C = E[f(G(z))] - E[f(x)],  then w <- clip(w, -c, c)
 *   L_G = -E[f(G(z))]
 */
export const wgan = defineVariant({
  name: 'wgan',
  paper: { title: 'Wasserstein GAN', authors: 'Arjovsky, Chintala, Bottou', year: 2017, url: 'https://arxiv.org/abs/1701.07875' },
  task: 'generation',
  requires: { kind: ['images', 'vectors'], sizes: [28, 32, 64], channels: [1, 3] },
  config: z.object({
    ...networkFields,
    latentDim: field(z.int().min(1).default(100), { from: "authors' code", help: 'Size of z, normally distributed', unit: 'numbers' }),
    clip: field(z.number().positive().default(0.01), { from: 'paper', help: "The critic's kernels and biases stay within +- this" }),
    nCritic: field(z.int().min(1).default(5), { from: 'paper', help: 'Moves of the critic per step', unit: 'moves' }),
    warmUpMoves: field(z.int().min(1).default(100), { from: "authors' code", help: 'Moves of the critic in the first steps and at every refresh, instead of nCritic', unit: 'moves' }),
    warmUpSteps: field(z.int().min(0).default(25), { from: "authors' code", help: 'Steps at the start that have warmUpMoves', unit: 'steps' }),
    refreshEvery: field(z.int().min(1).default(500), { from: "authors' code", help: 'Every so many steps one has warmUpMoves', unit: 'steps' }),
    learningRate: field(z.number().positive().default(5e-5), { from: 'paper', help: "RMSProp's step size, both players" }),
    decay: field(z.number().min(0).lt(1).default(0.99), { from: "authors' code", help: "RMSProp's decay of the square" }),
    batchSize: field(z.int().min(2).default(64), { from: 'paper', help: 'Real samples per move, and as many fakes', unit: 'samples' }),
  }),
  presets: {
    quick: {
      stepsFactor: 3,
      config: { filters: 32, stages: 2, batchSize: 32, learningRate: 3e-4, warmUpMoves: 20, warmUpSteps: 2, refreshEvery: 1000 },
      why: 'clipping needs many moves: half the filters, half the images and two layers make a move so short that there is time for them; warm-ups to scale, and six times the learning rate',
    },
  },
  defaultsFor: ({ kind }) => (kind === 'vectors' ? { latentDim: 2, batchSize: 256 } : {}),

  build(config, data, random): Model<'generator' | 'critic'> {
    const { latentDim, clip, nCritic, warmUpMoves, warmUpSteps, refreshEvery, learningRate, decay, batchSize } = config;
    const optimizer = { kind: 'rmsprop', learningRate, decay } as const;

    return {
      networks: wganNetworks({ ...config, norm: 'batch' }, data, random),
      averaged: ['generator'],
      batchSize,
      plan: (step) => ({ moves: { critic: step < warmUpSteps || step % refreshEvery === 0 ? warmUpMoves : nCritic } }),
      players: [
        {
          name: 'critic',
          trains: ['critic'],
          updatesStatisticsOf: ['generator'],
          needs: ['real'],
          optimizer,
          loss({ networks: { generator, critic }, batch, random }) {
            const fake = train(generator, random.normal([batch.size, latentDim]));
            const realScore = tf.mean<tf.Scalar>(train(critic, batch.real));
            const fakeScore = tf.mean<tf.Scalar>(train(critic, fake));
            return { total: tf.sub(fakeScore, realScore), log: { wasserstein: tf.sub(realScore, fakeScore) } };
          },
          afterMove: ({ networks: { critic } }) => clipWeights(critic, clip),
        },
        {
          name: 'generator',
          trains: ['generator'],
          updatesStatisticsOf: ['critic'],
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

/**
 * Kernels and biases only, after the update, as in Algorithm 1. The authors' code clips before it, and batch norm's gamma
 * too: that starts at 1 and would be .01 from the first move on, so that hardly anything passes the critic.
 */
function clipWeights(critic: tf.LayersModel, clip: number): void {
  for (const weight of critic.trainableWeights) {
    if (/(kernel|bias)$/.test(weight.originalName)) weight.write(tf.clipByValue(weight.read(), -clip, clip));
  }
}
