import { defineVariant, infer, minimaxDiscriminatorLoss, type Model, train } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { adam, config, mlp, paper } from './common.js';

/** One player that trains two networks with one optimizer, weight decay, an encoder, a decaying learning rate, labels. */
export const biganSketch = defineVariant({
  name: 'bigan-sketch',
  paper,
  task: 'generation',
  requires: { kind: ['vectors'], labels: true },
  config,
  build({ learningRate, batchSize }, data, random): Model<'generator' | 'encoder' | 'discriminator'> {
    const [size] = data.shape as [number];
    const classes = data.classes as number;
    const optimizer = { ...adam(learningRate), weightDecay: 2.5e-5 };
    type Networks = Record<'generator' | 'encoder' | 'discriminator', tf.LayersModel>;
    const logits = ({ generator, encoder, discriminator }: Networks, real: tf.Tensor, labels: tf.Tensor1D, z: tf.Tensor): [tf.Tensor, tf.Tensor] => {
      const label = tf.oneHot(labels, classes, 1, 0, 'float32');
      return [
        train(discriminator, tf.concat([real, train(encoder, real), label], 1)),
        train(discriminator, tf.concat([train(generator, z), z, label], 1)),
      ];
    };
    return {
      networks: {
        generator: mlp('generator', 2, size, random),
        encoder: mlp('encoder', size, 2, random),
        discriminator: mlp('discriminator', size + 2 + classes, 1, random),
      },
      averaged: ['generator', 'encoder'],
      batchSize,
      plan: (step) => ({ scalars: { learningRate: learningRate * 0.99 ** step } }),
      players: [
        {
          name: 'discriminator',
          trains: ['discriminator'],
          needs: ['real', 'labels'],
          optimizer,
          loss({ networks, batch, random }) {
            const z = random.uniform([batch.size, 2], -1, 1);
            const [real, fake] = logits(networks, batch.real, batch.labels, z);
            return { total: minimaxDiscriminatorLoss(real, fake), shared: { z, real: batch.real, labels: batch.labels } };
          },
        },
        {
          name: 'generatorAndEncoder',
          trains: ['generator', 'encoder'],
          needs: [],
          optimizer,
          loss({ networks, shared }) {
            const [real, fake] = logits(networks, shared.get('real'), shared.get('labels') as tf.Tensor1D, shared.get('z'));
            return { total: minimaxDiscriminatorLoss(fake, real) };
          },
        },
      ],
      sampleLatents: (n, random) => ({ z: random.uniform([n, 2], -1, 1), labels: random.integer([n], classes) }),
      generate: ({ generator }, { z }) => infer(generator, z as tf.Tensor),
      encode: ({ encoder }, x) => infer(encoder, x),
    };
  },
});
