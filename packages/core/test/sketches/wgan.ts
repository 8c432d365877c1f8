import { defineVariant, infer, type Model, train } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { config, mlp, paper } from './common.js';

/** Several critic moves a step, more of them in a warm-up; RMSProp; weights clipped after each move. */
export const wganSketch = defineVariant({
  name: 'wgan-sketch',
  paper,
  task: 'generation',
  requires: { kind: ['vectors'] },
  config,
  build({ learningRate, batchSize }, data, random): Model<'generator' | 'critic'> {
    const [size] = data.shape as [number];
    const optimizer = { kind: 'rmsprop', decay: 0.99, learningRate } as const;
    return {
      networks: { generator: mlp('generator', 2, size, random), critic: mlp('critic', size, 1, random) },
      averaged: ['generator'],
      batchSize,
      plan: (step) => ({ phase: step < 1 ? 'warm-up' : 'training', moves: { critic: step < 1 ? 4 : 2 } }),
      players: [
        {
          name: 'critic',
          trains: ['critic'],
          needs: ['real'],
          optimizer,
          loss({ networks: { generator, critic }, batch, random }) {
            const fake = infer(generator, random.normal([batch.size, 2]));
            const [realScore, fakeScore] = [tf.mean<tf.Scalar>(train(critic, batch.real)), tf.mean<tf.Scalar>(train(critic, fake))];
            return { total: tf.sub(fakeScore, realScore), log: { realScore, fakeScore } };
          },
          afterMove({ networks: { critic } }) {
            for (const weight of critic.trainableWeights) weight.write(tf.clipByValue(weight.read(), -0.1, 0.1));
          },
        },
        {
          name: 'generator',
          trains: ['generator'],
          needs: [],
          optimizer,
          loss: ({ networks: { generator, critic }, batch, random }) => ({
            total: tf.neg(tf.mean<tf.Scalar>(train(critic, train(generator, random.normal([batch.size, 2]))))),
          }),
        },
      ],
      sampleLatents: (n, random) => ({ z: random.normal([n, 2]) }),
      generate: ({ generator }, { z }) => infer(generator, z as tf.Tensor),
    };
  },
});
