import { defineVariant, field, infer, minimaxDiscriminatorLoss, type Model, nonSaturatingGeneratorLoss, train } from '@ganzoo/core';
import type * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { cyclingLabels, oneHot } from './labels.js';
import { cganDiscriminator, cganGenerator } from './networks.js';
import { labelledSmallDiscriminator, labelledSmallGenerator } from './shared-networks.js';

/**
 * Conditional GAN (eq. 2): both sides see the label y of the real image x.
 *
 *   L_D = E[-log sigmoid D(x, y)] + E[-log(1 - sigmoid D(G(z, y), y))]
 *   L_G = E[-log sigmoid D(G(z, y), y)]
 *
 * The networks and the settings are those of DCGAN's authors for MNIST; the paper's own are maxout layers on Parzen windows.
 */
export const cgan = defineVariant({
  name: 'cgan',
  paper: { title: 'Conditional Generative Adversarial Nets', authors: 'Mirza, Osindero', year: 2014, url: 'https://arxiv.org/abs/1411.1784' },
  task: 'generation',
  requires: { kind: ['images'], sizes: [28, 32], channels: [1, 3], labels: true },
  config: z.object({
    net: field(z.enum(['paper', 'shared']).default('paper'), { from: 'ours', help: "The network of DCGAN's authors, or the small net that bench gives to every variant" }),
    filters: field(z.int().min(1).max(1024).default(64), { from: "authors' code", help: 'Filters of the outer convolutions; the inner ones have twice as many', unit: 'filters' }),
    hiddenUnits: field(z.int().min(1).default(1024), { from: "authors' code", help: 'Units of the hidden dense layers', unit: 'units' }),
    latentDim: field(z.int().min(1).default(100), { from: "authors' code", help: 'Size of z, uniform in [-1, 1]', unit: 'numbers' }),
    learningRate: field(z.number().positive().default(2e-4), { from: "authors' code", help: "Adam's step size, both players" }),
    beta1: field(z.number().min(0).lt(1).default(0.5), { from: "authors' code", help: "Adam's decay of the mean" }),
    beta2: field(z.number().min(0).lt(1).default(0.999), { from: "authors' code", help: "Adam's decay of the square" }),
    weightDecay: field(z.number().min(0).default(2.5e-5), { from: "authors' code", help: 'L2 penalty on every weight, added to the gradient' }),
    batchSize: field(z.int().min(2).default(128), { from: "authors' code", help: 'Real images per move, and as many fakes with their labels', unit: 'images' }),
  }),
  presets: { quick: { stepsFactor: 0.5, why: 'kernels of 5x5 and a label at every layer: a step takes twice as long as one of DCGAN' } },

  build(config, data, random): Model<'generator' | 'discriminator'> {
    const { net, latentDim, learningRate, beta1, beta2, weightDecay, batchSize } = config;
    const classes = data.classes as number;
    const networks =
      net === 'shared'
        ? { generator: labelledSmallGenerator(data, latentDim, random), discriminator: labelledSmallDiscriminator(data, random) }
        : { generator: cganGenerator(config, data, random), discriminator: cganDiscriminator(config, data, random) };
    const optimizer = { kind: 'adam', learningRate, beta1, beta2, weightDecay } as const;

    return {
      networks,
      averaged: ['generator'],
      batchSize,
      players: [
        {
          name: 'discriminator',
          trains: ['discriminator'],
          updatesStatisticsOf: ['generator'],
          needs: ['real', 'labels'],
          optimizer,
          loss({ networks: { generator, discriminator }, batch, random }) {
            const latents = random.uniform([batch.size, latentDim], -1, 1);
            const label = oneHot(batch.labels, classes);
            // The fakes are asked for the labels of the batch's real images, so that both batches hold the same classes.
            const realLogits = train(discriminator, [batch.real, label]);
            const fakeLogits = train(discriminator, [train(generator, [latents, label]), label]);
            return { total: minimaxDiscriminatorLoss(realLogits, fakeLogits), shared: { latents, label } };
          },
        },
        {
          name: 'generator',
          trains: ['generator'],
          updatesStatisticsOf: ['discriminator'],
          needs: [],
          optimizer,
          loss({ networks: { generator, discriminator }, shared }) {
            // The fakes that the discriminator has just seen; the authors' code takes turns with a batch for each player.
            const label = shared.get('label');
            const fake = train(generator, [shared.get('latents'), label]);
            return { total: nonSaturatingGeneratorLoss(train(discriminator, [fake, label])) };
          },
        },
      ],
      sampleLatents: (n, random) => ({ z: random.uniform([n, latentDim], -1, 1), labels: cyclingLabels(n, classes) }),
      generate: ({ generator }, { z, labels }) => infer(generator, [z as tf.Tensor, oneHot(labels as tf.Tensor, classes)]),
    };
  },
});
