import { defineVariant, field, infer, minimaxDiscriminatorLoss, type Model, smallGenerator, train } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { withoutLastLayer } from './graph.js';
import { biganDiscriminator, biganEncoder, biganGenerator } from './networks.js';
import { smallEncoder, smallJointDiscriminator } from './shared-networks.js';

/**
 * BiGAN: the discriminator tells pairs (x, E(x)) of an image and its code from pairs (G(z), z) of a code and its image
 * (eq. 2); at the optimum E inverts G (theorem 2). G and E minimize the same loss with the labels exchanged (section 3.4),
 * in one move of one optimizer.
 *
 *   L_D  = 1/2 E[-log sigmoid D(x, E(x))] + 1/2 E[-log(1 - sigmoid D(G(z), z))]
 *   L_GE = 1/2 E[-log sigmoid D(G(z), z)] + 1/2 E[-log(1 - sigmoid D(x, E(x)))]
 *
 * The halves are the authors' code's: it is them that the weight decay is added to.
 */
export const bigan = defineVariant({
  name: 'bigan',
  paper: { title: 'Adversarial Feature Learning', authors: 'Donahue, Krähenbühl, Darrell', year: 2016, url: 'https://arxiv.org/abs/1605.09782' },
  task: 'generation',
  requires: { kind: ['images'], sizes: [28, 32], channels: [1, 3] },
  config: z.object({
    net: field(z.enum(['paper', 'shared']).default('paper'), { from: 'ours', help: "The paper's networks for permutation-invariant MNIST, or the small net that bench gives to every variant" }),
    hiddenUnits: field(z.int().min(1).default(1024), { from: 'paper', help: "Units of the paper's hidden layers", unit: 'units' }),
    latentDim: field(z.int().min(1).default(50), { from: 'paper', help: 'Size of z, uniform in [-1, 1]', unit: 'numbers' }),
    learningRate: field(z.number().positive().default(2e-4), { from: 'paper', help: "Adam's step size, both players" }),
    constantSteps: field(z.int().min(0).default(78_000), { from: 'paper', help: 'Steps before the learning rate begins to decay: 200 epochs of 50,000 images', unit: 'steps' }),
    decaySteps: field(z.int().min(1).default(78_000), { from: 'paper', help: 'Steps in which it then decays exponentially to 1 %, where it stays', unit: 'steps' }),
    beta1: field(z.number().min(0).lt(1).default(0.5), { from: 'paper', help: "Adam's decay of the mean" }),
    beta2: field(z.number().min(0).lt(1).default(0.999), { from: 'paper', help: "Adam's decay of the square" }),
    weightDecay: field(z.number().min(0).default(2.5e-5), { from: 'paper', help: 'L2 penalty on every weight, added to the gradient' }),
    batchSize: field(z.int().min(2).default(128), { from: 'paper', help: 'Real images per move, and as many fakes', unit: 'images' }),
  }),
  presets: {
    quick: { stepsFactor: 6, config: { batchSize: 32 }, why: 'it needs many steps to get away from collapse, and small batches of fully connected networks make them cheap' },
  },

  build(config, data, random): Model<'generator' | 'encoder' | 'discriminator'> {
    const { net, latentDim, learningRate, constantSteps, decaySteps, beta1, beta2, weightDecay, batchSize } = config;
    type Networks = Record<'generator' | 'encoder' | 'discriminator', tf.LayersModel>;
    const networks: Networks =
      net === 'shared'
        ? { generator: smallGenerator(data, latentDim, random), encoder: smallEncoder(data, latentDim, random), discriminator: smallJointDiscriminator(data, latentDim, random) }
        : { generator: biganGenerator(config, data, random), encoder: biganEncoder(config, data, random), discriminator: biganDiscriminator(config, data, random) };
    const optimizer = { kind: 'adam', learningRate, beta1, beta2, weightDecay } as const;

    return {
      networks,
      averaged: ['generator', 'encoder'],
      batchSize,
      plan: (step) => ({ scalars: { learningRate: learningRate * 0.01 ** Math.min(1, Math.max(0, (step - constantSteps) / decaySteps)) } }),
      players: [
        {
          name: 'discriminator',
          trains: ['discriminator'],
          updatesStatisticsOf: ['generator', 'encoder'],
          needs: ['real'],
          optimizer,
          loss({ networks, batch, random }) {
            const latents = random.uniform([batch.size, latentDim], -1, 1);
            const { encoded, generated } = judge(networks, batch.real, latents);
            return { total: half(minimaxDiscriminatorLoss(encoded, generated)), shared: { real: batch.real, latents } };
          },
        },
        {
          name: 'generatorAndEncoder',
          trains: ['generator', 'encoder'],
          updatesStatisticsOf: ['discriminator'],
          needs: [],
          optimizer,
          loss({ networks, shared }) {
            // The images and latents that the discriminator has just seen; in the authors' code both players move at once.
            const { encoded, generated } = judge(networks, shared.get('real'), shared.get('latents'));
            return { total: half(minimaxDiscriminatorLoss(generated, encoded)) };
          },
        },
      ],
      sampleLatents: (n, random) => ({ z: random.uniform([n, latentDim], -1, 1) }),
      generate: ({ generator }, { z }) => infer(generator, z as tf.Tensor),
      encode: ({ encoder }, x) => infer(encoder, x),
      features: ({ encoder }, x) => infer(withoutLastLayer(encoder), x),
    };

    /** The discriminator's logits for both kinds of pairs. They pass it apart, each with its own batch statistics. */
    function judge({ generator, encoder, discriminator }: Networks, real: tf.Tensor, latents: tf.Tensor): Record<'encoded' | 'generated', tf.Tensor> {
      return {
        encoded: train(discriminator, [real, train(encoder, real)]),
        generated: train(discriminator, [train(generator, latents), latents]),
      };
    }
  },
});

function half(loss: tf.Scalar): tf.Scalar {
  return tf.mul(loss, 0.5);
}
