import {
  type DataSpec,
  defineVariant,
  field,
  infer,
  minimaxDiscriminatorLoss,
  type Model,
  type Networks,
  nonSaturatingGeneratorLoss,
  pacganDiscriminator,
  pacganGenerator,
  type Player,
  type Random,
  smallDiscriminator,
  smallGenerator,
  toyDiscriminator,
  toyGenerator,
  train,
  trainWithDropout,
} from '@ganzoo/core';
import type * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { ganDiscriminator, ganGenerator, type GanNetworkConfig } from './networks.js';

type Nets = 'generator' | 'discriminator';

/**
 * The original GAN, with the generator loss that its section 3 recommends in practice.
 *
 *   L_D = E[-log sigmoid D(x)] + E[-log(1 - sigmoid D(G(z)))]   (eq. 1, negated)
 *   L_G = E[-log sigmoid D(G(z))]
 *
 * The paper's networks (maxout discriminator, SGD with momentum, uniform noise) are hardly used any more; the networks and
 * settings here are those of the usual tutorials.
 *
 * `net: 'pacgan'` with `updates: 'simultaneous'` is the GAN of PacGAN's 2-D experiments (arXiv 1712.04086). Their generator loss
 * carries an additional softplus(D(x)), which does not depend on G: its gradient is zero, and it is left out here.
 */
export const gan = defineVariant({
  name: 'gan',
  paper: {
    title: 'Generative Adversarial Networks',
    authors: 'Goodfellow, Pouget-Abadie, Mirza, Xu, Warde-Farley, Ozair, Courville, Bengio',
    year: 2014,
    url: 'https://arxiv.org/abs/1406.2661',
  },
  task: 'generation',
  requires: { kind: ['images', 'vectors'], sizes: [28, 32], channels: [1, 3] },
  config: z.object({
    net: field(z.enum(['paper', 'shared', 'pacgan']).default('paper'), { from: 'ours', help: "Fully connected layers; or for images the small net that bench gives to every variant; or for vectors the net of PacGAN's experiments" }),
    latentDim: field(z.int().min(1).default(100), { from: 'ours', help: 'Size of z, normally distributed', unit: 'numbers' }),
    hidden: field(z.array(z.int().min(1)).min(1).default([256, 512, 1024]), { from: 'ours', help: "Units of the generator's hidden layers, and in reverse of the discriminator's; [128, 128] for vectors", unit: 'units' }),
    dropout: field(z.number().min(0).lt(1).default(0.3), { from: 'ours', help: "Share of the discriminator's hidden values set to zero in training, in its net for images" }),
    updates: field(z.enum(['alternating', 'simultaneous']).default('alternating'), { from: 'paper', help: 'The generator against the updated discriminator, with fresh z (Algorithm 1), or both on the same fakes from where they stand' }),
    learningRate: field(z.number().positive().default(2e-4), { from: 'ours', help: "Adam's step size, both players" }),
    beta1: field(z.number().min(0).lt(1).default(0.5), { from: 'ours', help: "Adam's decay of the mean" }),
    beta2: field(z.number().min(0).lt(1).default(0.999), { from: 'ours', help: "Adam's decay of the square" }),
    batchSize: field(z.int().min(2).default(128), { from: 'ours', help: 'Real samples per move, and as many fakes', unit: 'samples' }),
  }),
  presets: {
    quick: { stepsFactor: 3, why: 'a step of dense layers takes a third of the time of one of convolutions' },
    mixtures: {
      config: { net: 'pacgan', latentDim: 2, updates: 'simultaneous', learningRate: 1e-4, beta1: 0.8, batchSize: 100 },
      why: "the network and settings of PacGAN's code",
    },
  },
  defaultsFor: ({ kind }) => (kind === 'vectors' ? { latentDim: 2, hidden: [128, 128], learningRate: 1e-3 } : {}),

  build(config, data, random): Model<Nets> {
    const { latentDim, updates, learningRate, beta1, beta2, batchSize } = config;
    const optimizer = { kind: 'adam', learningRate, beta1, beta2 } as const;
    const alternating = updates === 'alternating';
    const fakes = ({ generator }: Networks<Nets>, n: number, random: Random): tf.Tensor => train(generator, random.normal([n, latentDim]));

    const discriminator: Player<Nets> = {
      name: 'discriminator',
      trains: ['discriminator'],
      updatesStatisticsOf: alternating ? ['generator'] : [],
      needs: ['real'],
      optimizer,
      loss({ networks, batch, random, shared }) {
        const fake = alternating ? fakes(networks, batch.size, random) : shared.get('fake');
        const realLogits = trainWithDropout(networks.discriminator, batch.real, random);
        const fakeLogits = trainWithDropout(networks.discriminator, fake, random);
        return { total: minimaxDiscriminatorLoss(realLogits, fakeLogits) };
      },
    };
    const generator: Player<Nets> = {
      name: 'generator',
      trains: ['generator'],
      updatesStatisticsOf: ['discriminator'],
      needs: [],
      optimizer,
      loss({ networks, batch, random }) {
        const fake = fakes(networks, batch.size, random);
        return { total: nonSaturatingGeneratorLoss(trainWithDropout(networks.discriminator, fake, random)), shared: alternating ? {} : { fake } };
      },
    };

    return {
      networks: buildNetworks(config, data, random),
      averaged: ['generator'],
      batchSize,
      // Simultaneous: the generator moves first and leaves its fakes, on which the discriminator then moves from where it stood.
      players: alternating ? [discriminator, generator] : [generator, discriminator],
      sampleLatents: (n, random) => ({ z: random.normal([n, latentDim]) }),
      generate: ({ generator }, { z }) => infer(generator, z as tf.Tensor),
    };
  },
});

function buildNetworks({ net, ...config }: GanNetworkConfig & { net: 'paper' | 'shared' | 'pacgan' }, data: DataSpec, random: Random): Networks<Nets> {
  const { latentDim, hidden } = config;
  if (net === 'pacgan') return { generator: pacganGenerator(data, latentDim, random), discriminator: pacganDiscriminator(data, random) };
  if (net === 'shared') return { generator: smallGenerator(data, latentDim, random), discriminator: smallDiscriminator(data, { norm: 'batch' }, random) };
  if (data.kind === 'images') return { generator: ganGenerator(config, data, random), discriminator: ganDiscriminator(config, data, random) };
  return { generator: toyGenerator(data, { latentDim, hidden }, random), discriminator: toyDiscriminator(data, { hidden: hidden.toReversed(), activation: 'leakyRelu' }, random) };
}
