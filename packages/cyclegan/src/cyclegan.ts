import { defineVariant, field, infer, type Model, train } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { patchDiscriminator } from './discriminator.js';
import { checkedDomains } from './domains.js';
import { translator } from './generator.js';
import { l1, leastSquares } from './losses.js';
import { createPool, throughPool } from './pool.js';
import { learningRateAt } from './schedule.js';

type Network = 'generatorAB' | 'generatorBA' | 'discriminatorA' | 'discriminatorB';

/**
 * CycleGAN: two translators G: A -> B (`generatorAB`) and F: B -> A (`generatorBA`), trained without pairs. With
 * discriminators D_B and D_A, samples a of A and b of B, eq. 3 with least squares in place of eq. 1 (section 4):
 *
 *   L_GF = E[(D_B(G(a)) - 1)^2] + E[(D_A(F(b)) - 1)^2]
 *        + cycleWeight { E|F(G(a)) - a| + E|G(F(b)) - b|                           (eq. 2)
 *                        + identityWeight (E|G(b) - b| + E|F(a) - a|) }            (section 5.2)
 *   L_D  = 1/2 {E[(D_B(b) - 1)^2] + E[D_B(pool(G(a)))^2]} + 1/2 {the same of D_A, a and F(b)}
 *
 * |.| is the mean over pixels and channels. The translators move first; the discriminators then see those very fakes,
 * each through a pool of earlier ones.
 */
export const cyclegan = defineVariant({
  name: 'cyclegan',
  paper: {
    title: 'Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks',
    authors: 'Zhu, Park, Isola, Efros',
    year: 2017,
    url: 'https://arxiv.org/abs/1703.10593',
  },
  task: 'translation',
  requires: { kind: ['images'], twoDomains: true },
  config: z.object({
    filters: field(z.int().min(1).max(1024).default(64), { from: 'paper', help: 'Filters of the first layer of every network; up to 64 pixels 32 (ours)', unit: 'filters' }),
    blocks: field(z.int().min(0).max(64).default(9), { from: 'paper', help: 'Residual blocks of a translator: 9 from 256 pixels on, 6 below; up to 64 pixels 3 (ours)', unit: 'blocks' }),
    discriminatorLayers: field(z.int().min(1).max(8).default(3), { from: 'paper', help: 'Layers of stride 2 of a discriminator: with 3 a score sees 70 x 70 pixels, with 2 34 x 34; below 64 pixels 2 (ours)', unit: 'layers' }),
    cycleWeight: field(z.number().min(0).default(10), { from: 'paper', help: 'lambda, weight of the cycle loss' }),
    identityWeight: field(z.number().min(0).default(0.5), { from: 'paper', help: 'Weight of the identity loss relative to the cycle loss, 0 for none; needs domains of equal channels' }),
    poolSize: field(z.int().min(0).default(50), { from: 'paper', help: 'Earlier fakes kept for each discriminator; 0: it sees the newest only', unit: 'images' }),
    learningRate: field(z.number().positive().default(2e-4), { from: 'paper', help: "Adam's step size, all networks, before it decays" }),
    constantSteps: field(z.int().min(0).default(100_000), { from: 'ours', help: 'Steps at the full learning rate. The paper has 100 epochs: 100 times the images of the larger domain / batchSize', unit: 'steps' }),
    decaySteps: field(z.int().min(0).default(100_000), { from: 'ours', help: 'Steps in which it then goes linearly to 0; the paper again has 100 epochs', unit: 'steps' }),
    beta1: field(z.number().min(0).lt(1).default(0.5), { from: "authors' code", help: "Adam's decay of the mean" }),
    beta2: field(z.number().min(0).lt(1).default(0.999), { from: "authors' code", help: "Adam's decay of the square" }),
    batchSize: field(z.int().min(1).default(1), { from: 'paper', help: 'Images of each domain per step', unit: 'images' }),
  }),

  defaultsFor({ shape }) {
    const side = Math.max(shape[0] as number, shape[1] as number);
    if (side < 64) return { filters: 32, blocks: 3, discriminatorLayers: 2 };
    if (side < 128) return { filters: 32, blocks: 3 };
    return { blocks: side < 256 ? 6 : 9 };
  },
  presets: {
    quick: {
      stepsFactor: 2,
      config: { batchSize: 4, filters: 16, blocks: 2, constantSteps: 300, decaySteps: 300 },
      why: 'four networks and six passes of the translators a step: small batches, small networks, more steps',
    },
  },

  build(config, data, random): Model<Network> {
    const { cycleWeight, identityWeight, poolSize, learningRate, beta1, beta2, batchSize } = config;
    const { a, b } = checkedDomains(data, identityWeight);
    const pools = poolSize === 0 ? undefined : { A: createPool(poolSize, a.shape), B: createPool(poolSize, b.shape) };
    const optimizer = { kind: 'adam', learningRate, beta1, beta2 } as const;

    return {
      networks: {
        generatorAB: translator('generatorAB', config, a.shape, b.shape, random),
        generatorBA: translator('generatorBA', config, b.shape, a.shape, random),
        discriminatorA: patchDiscriminator('discriminatorA', config, a.shape, random),
        discriminatorB: patchDiscriminator('discriminatorB', config, b.shape, random),
      },
      ...(pools && { state: { poolA: pools.A.images, filledA: pools.A.filled, poolB: pools.B.images, filledB: pools.B.filled } }),
      averaged: ['generatorAB', 'generatorBA'],
      batchSize,
      plan: (step) => ({ scalars: { learningRate: learningRateAt(step, config) } }),
      players: [
        {
          name: 'generators',
          trains: ['generatorAB', 'generatorBA'],
          needs: ['a', 'b'],
          optimizer,
          loss({ networks: { generatorAB, generatorBA, discriminatorA, discriminatorB }, batch: { a, b } }) {
            const [fakeB, fakeA] = [train(generatorAB, a), train(generatorBA, b)];
            const adversarial = sum(leastSquares(train(discriminatorB, fakeB), 1), leastSquares(train(discriminatorA, fakeA), 1));
            const cycle = sum(l1(train(generatorBA, fakeB), a), l1(train(generatorAB, fakeA), b));
            const shared = { realA: a, realB: b, fakeA, fakeB };
            const total = sum(adversarial, tf.mul(cycle, cycleWeight));
            if (identityWeight === 0) return { total, log: { adversarial, cycle }, shared };
            const identity = sum(l1(train(generatorAB, b), b), l1(train(generatorBA, a), a));
            return { total: sum(total, tf.mul(identity, cycleWeight * identityWeight)), log: { adversarial, cycle, identity }, shared };
          },
        },
        {
          name: 'discriminators',
          trains: ['discriminatorA', 'discriminatorB'],
          needs: [],
          optimizer,
          beforeMove({ shared, random }) {
            const [fakeA, fakeB] = [shared.get('fakeA') as tf.Tensor4D, shared.get('fakeB') as tf.Tensor4D];
            if (!pools) return { seenA: fakeA, seenB: fakeB };
            const draws = (images: tf.Tensor4D): tf.Tensor2D => random.uniform([images.shape[0], 2]);
            return { seenA: throughPool(pools.A, fakeA, draws(fakeA)), seenB: throughPool(pools.B, fakeB, draws(fakeB)) };
          },
          loss({ networks: { discriminatorA, discriminatorB }, shared }) {
            const lossOf = (network: tf.LayersModel, real: tf.Tensor, fake: tf.Tensor): tf.Scalar =>
              tf.mul(sum(leastSquares(train(network, real), 1), leastSquares(train(network, fake), 0)), 0.5);
            const a = lossOf(discriminatorA, shared.get('realA'), shared.get('seenA'));
            const b = lossOf(discriminatorB, shared.get('realB'), shared.get('seenB'));
            return { total: sum(a, b), log: { a, b } };
          },
        },
      ],
      translate: ({ generatorAB, generatorBA }, x, direction) => infer(direction === 'AtoB' ? generatorAB : generatorBA, x),
    };
  },
});

function sum(one: tf.Scalar, other: tf.Scalar): tf.Scalar {
  return tf.add(one, other);
}
