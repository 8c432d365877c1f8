import { ConfigError, defineVariant, field, gradientNorms, inputGradients, type Model, type Move, randomInterpolates } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { enlarged, fadedImages, growingImage, growingScores, type Stage } from './growing.js';
import { proganDiscriminator, proganGenerator } from './networks.js';
import { growth, isFading } from './schedule.js';

/**
 * ProGAN: G and D grow together from 4x4 pixels, new layers being faded in; WGAN-GP with a small penalty that keeps the
 * scores of real images from drifting (appendix A.1).
 *
 *   L_D = E[D(G(z))] - E[D(x)] + lambda E[(|grad D(x')| - 1)^2] + drift E[D(x)^2],  x' = x + e (G(z) - x), e ~ U[0, 1)
 *   L_G = -E[D(G(z))]
 */
export const progan = defineVariant({
  name: 'progan',
  paper: { title: 'Progressive Growing of GANs for Improved Quality, Stability, and Variation', authors: 'Karras, Aila, Laine, Lehtinen', year: 2018, url: 'https://arxiv.org/abs/1710.10196' },
  task: 'generation',
  requires: { kind: ['images'], sizes: [8, 16, 32, 64, 128], channels: [1, 3] },
  emaDecay: 0.999,
  presets: {
    quick: {
      stepsFactor: 4.4,
      emaDecay: 0.99,
      config: { imagesPerPhase: 2400, featureBase: 128, featureMax: 32, latentDim: 32, learningRate: 6e-3, batchSize: 16 },
      why: 'seven phases of 150 steps, then 270 more at full size; small networks, which learn fast enough at six times the step size',
    },
  },
  config: z.object({
    imagesPerPhase: field(z.int().min(1).default(600_000), { from: "authors' code", help: 'Real images shown while a resolution is faded in, and again before the next; the paper has 800,000', unit: 'images' }),
    featureBase: field(z.int().min(1).default(8192), { from: 'paper', help: 'Filters at 2x2 pixels, halved whenever the resolution doubles', unit: 'filters' }),
    featureMax: field(z.int().min(1).default(512), { from: 'paper', help: 'Filters of a layer, at most', unit: 'filters' }),
    latentDim: field(z.int().min(1).default(512), { from: 'paper', help: 'Size of z, normally distributed, then normalized', unit: 'numbers' }),
    groupSize: field(z.int().min(1).default(4), { from: "authors' code", help: 'Images that the minibatch standard deviation compares', unit: 'images' }),
    lambda: field(z.number().min(0).default(10), { from: 'paper', help: 'Weight of the gradient penalty' }),
    drift: field(z.number().min(0).default(0.001), { from: 'paper', help: "Weight of the real images' squared scores" }),
    learningRate: field(z.number().positive().default(1e-3), { from: 'paper', help: "Adam's step size, both players" }),
    beta1: field(z.number().min(0).lt(1).default(0), { from: 'paper', help: "Adam's decay of the mean" }),
    beta2: field(z.number().min(0).lt(1).default(0.99), { from: 'paper', help: "Adam's decay of the square" }),
    epsilon: field(z.number().positive().default(1e-8), { from: 'paper', help: "Adam's epsilon" }),
    batchSize: field(z.int().min(2).default(16), { from: 'paper', help: 'Real images per move, and as many fakes', unit: 'images' }),
  }),

  build(config, data, random): Model<'generator' | 'discriminator'> {
    const { latentDim, groupSize, lambda, drift, learningRate, beta1, beta2, epsilon, batchSize } = config;
    checkGroups(batchSize, groupSize);
    const size = data.shape[0] as number;
    const plan = growth(size, config);
    const optimizer = { kind: 'adam', learningRate, beta1, beta2, epsilon } as const;
    const stageOf = ({ plan: { phase, resolution = size }, scalars }: Pick<Move, 'plan' | 'scalars'>): Stage => ({
      resolution,
      ...(isFading(phase) && { alpha: scalars.get('alpha') }),
    });

    return {
      networks: { generator: proganGenerator(config, data, random), discriminator: proganDiscriminator(config, data, random) },
      averaged: ['generator'],
      batchSize,
      plan,
      players: [
        {
          name: 'discriminator',
          trains: ['discriminator'],
          needs: ['real'],
          optimizer,
          loss(move) {
            const { networks, batch, random } = move;
            const stage = stageOf(move);
            const scores = (images: tf.Tensor): tf.Tensor => growingScores(networks.discriminator, images, stage);
            const real = fadedImages(batch.real, stage);
            const fake = growingImage(networks.generator, random.normal([batch.size, latentDim]), stage);
            // Real and fake pass apart: the minibatch standard deviation is one of images of the same kind.
            const [realScores, fakeScores] = [scores(real), scores(fake)];
            const distance = tf.sub(tf.mean(realScores), tf.mean(fakeScores)) as tf.Scalar;
            const norms = gradientNorms(inputGradients(scores, randomInterpolates(real, fake, random)));
            const penalty: tf.Scalar = tf.mean(tf.square(tf.sub(norms, 1)));
            const total = tf.addN([tf.neg(distance), tf.mul(penalty, lambda), tf.mul(tf.mean(tf.square(realScores)), drift)]) as tf.Scalar;
            return { total, log: { distance, penalty } };
          },
        },
        {
          name: 'generator',
          trains: ['generator'],
          needs: [],
          optimizer,
          loss(move) {
            const { networks, random } = move;
            const stage = stageOf(move);
            const fake = growingImage(networks.generator, random.normal([batchSize, latentDim]), stage);
            return { total: tf.mean(tf.neg(growingScores(networks.discriminator, fake, stage))) };
          },
        },
      ],
      sampleLatents: (n, random) => ({ z: random.normal([n, latentDim]) }),
      generate({ generator }, { z }, step) {
        const { resolution, scalars } = plan(step);
        const stage = { resolution, ...(scalars?.alpha !== undefined && { alpha: tf.scalar(scalars.alpha) }) };
        // The paper's G has no tanh: its pixels are clipped when they become an image.
        return tf.clipByValue(enlarged(growingImage(generator, z as tf.Tensor, stage), size), -1, 1);
      },
    };
  },
});

/** @throws {ConfigError} when the batch cannot be split into groups for the minibatch standard deviation. */
function checkGroups(batchSize: number, groupSize: number): void {
  if (batchSize <= groupSize || batchSize % groupSize === 0) return;
  throw new ConfigError(`progan: config field 'batchSize' is ${batchSize}, which is not a multiple of 'groupSize', ${groupSize}.`, {
    remedy: `Choose a batch size that is a multiple of ${groupSize} or not larger than it, or another group size.`,
  });
}
