import {
  defineVariant,
  field,
  infer,
  type Model,
  type Networks,
  type Player,
  powerIterateAll,
  smallDiscriminator,
  smallGenerator,
  toyDiscriminator,
  toyGenerator,
  train,
} from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { snganDiscriminator, snganGenerator } from './networks.js';

/** Hidden layers of both networks on vectors. */
const TOY_HIDDEN = [128, 128];

/**
 * SNGAN: every kernel W of the discriminator is divided by its largest singular value (eq. 8), so that D is
 * 1-Lipschitz layer by layer; hinge loss (eqs. 16 and 17).
 *
 *   L_D = E[max(0, 1 - D(x))] + E[max(0, 1 + D(G(z)))]
 *   L_G = -E[D(G(z))]
 *
 * The singular vectors move by one power iteration before every move, of either player: D runs in both. Algorithm 1 has one per
 * update of D, after which kernels were up to 6 % off; the authors' code has one for every pass through D, three in a step.
 */
export const sngan = defineVariant({
  name: 'sngan',
  paper: { title: 'Spectral Normalization for Generative Adversarial Networks', authors: 'Miyato, Kataoka, Koyama, Yoshida', year: 2018, url: 'https://arxiv.org/abs/1802.05957' },
  task: 'generation',
  requires: { kind: ['images', 'vectors'], sizes: [28, 32, 64], channels: [1, 3] },
  config: z.object({
    net: field(z.enum(['paper', 'shared']).default('paper'), { from: 'ours', help: "For images: the paper's standard CNN, or the small net that bench gives to every variant. Vectors have a toy net" }),
    filters: field(z.int().min(1).max(512).default(64), { from: 'paper', help: "Filters of the discriminator's first layer and the generator's last; eight times as many in the middle", unit: 'filters' }),
    latentDim: field(z.int().min(1).default(128), { from: 'paper', help: 'Size of z, normally distributed', unit: 'numbers' }),
    nDis: field(z.int().min(1).default(1), { from: 'paper', help: 'Moves of the discriminator per step; the paper has 1 with this network, 5 with ResNets', unit: 'moves' }),
    powerIterations: field(z.int().min(1).default(1), { from: 'paper', help: 'Power iterations before each move', unit: 'iterations' }),
    learningRate: field(z.number().positive().default(2e-4), { from: 'paper', help: "Adam's step size, both players" }),
    beta1: field(z.number().min(0).lt(1).default(0.5), { from: 'paper', help: "Adam's decay of the mean" }),
    beta2: field(z.number().min(0).lt(1).default(0.999), { from: 'paper', help: "Adam's decay of the square" }),
    batchSize: field(z.int().min(2).default(64), { from: 'paper', help: 'Real images per move, and as many fakes', unit: 'images' }),
  }),

  /** Ours; the paper has images only. At this rate kernels turn faster than one power iteration follows. */
  defaultsFor: ({ kind }) => (kind === 'vectors' ? { latentDim: 2, learningRate: 1e-3, powerIterations: 4 } : {}),
  presets: { quick: { config: { net: 'shared' }, why: "a step of the paper's network takes five times as long as one of the shared net" } },

  build(config, data, random): Model<'generator' | 'discriminator'> {
    const { latentDim, nDis, powerIterations, learningRate, beta1, beta2, batchSize } = config;
    const optimizer = { kind: 'adam', learningRate, beta1, beta2 } as const;
    const networks = ((): Networks<'generator' | 'discriminator'> => {
      if (data.kind === 'vectors') {
        const discriminator = toyDiscriminator(data, { hidden: TOY_HIDDEN, activation: 'leakyRelu', spectralNorm: true }, random);
        return { generator: toyGenerator(data, { hidden: TOY_HIDDEN, latentDim }, random), discriminator };
      }
      if (config.net === 'shared') return { generator: smallGenerator(data, latentDim, random), discriminator: smallDiscriminator(data, { norm: 'spectral' }, random) };
      return { generator: snganGenerator(config, data, random), discriminator: snganDiscriminator(config, data, random) };
    })();

    const iterate: Player<'generator' | 'discriminator'>['beforeMove'] = ({ networks: { discriminator } }) => powerIterateAll(discriminator, powerIterations);

    return {
      networks,
      averaged: ['generator'],
      batchSize,
      plan: () => ({ moves: { discriminator: nDis } }),
      players: [
        {
          name: 'discriminator',
          trains: ['discriminator'],
          updatesStatisticsOf: ['generator'],
          needs: ['real'],
          optimizer,
          beforeMove: iterate,
          loss({ networks: { generator, discriminator }, batch, random }) {
            const fake = train(generator, random.normal([batch.size, latentDim]));
            // D treats every image on its own, so real and fake can pass together.
            const [realScores, fakeScores] = tf.split(train(discriminator, tf.concat([batch.real, fake])), 2) as [tf.Tensor, tf.Tensor];
            return { total: tf.add(tf.mean(tf.relu(tf.sub(1, realScores))), tf.mean(tf.relu(tf.add(1, fakeScores)))) };
          },
        },
        {
          name: 'generator',
          trains: ['generator'],
          updatesStatisticsOf: ['discriminator'],
          needs: [],
          optimizer,
          beforeMove: iterate,
          loss({ networks: { generator, discriminator }, random }) {
            const fake = train(generator, random.normal([batchSize, latentDim]));
            return { total: tf.mean(tf.neg(train(discriminator, fake))) };
          },
        },
      ],
      sampleLatents: (n, random) => ({ z: random.normal([n, latentDim]) }),
      generate: ({ generator }, { z }) => infer(generator, z as tf.Tensor),
    };
  },
});
