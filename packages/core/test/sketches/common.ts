import { field, initializeNormal, type Random } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';

/** The sketches are as small as can be; what they test is that the words of core can say what the papers need. */
export const paper = { title: 'A sketch', authors: 'ganzoo', year: 2026, url: 'https://example.org' };

export const config = z.object({
  learningRate: field(z.number().positive().default(1e-3), { from: 'ours', help: 'Step size' }),
  batchSize: field(z.int().min(2).default(4), { from: 'ours', help: 'Samples per move', unit: 'samples' }),
});

export const adam = (learningRate: number) => ({ kind: 'adam', learningRate, beta1: 0.5, beta2: 0.99 }) as const;

/** One hidden layer; `layer` makes its layers' names unique. */
export function mlp(name: string, inputs: number, outputs: number, random: Random): tf.LayersModel {
  const network = tf.sequential({
    name,
    layers: [
      tf.layers.dense({ name: 'hidden', units: 8, inputShape: [inputs], activation: 'relu', kernelInitializer: 'zeros' }),
      tf.layers.dense({ name: 'out', units: outputs, kernelInitializer: 'zeros' }),
    ],
  });
  initializeNormal(network, random.fork(name), { kernelSd: 0.3 });
  return network;
}

/** Images to images of the same shape. */
export function convNet(name: string, channels: number, random: Random): tf.LayersModel {
  const network = tf.sequential({
    name,
    layers: [
      tf.layers.conv2d({ name: 'conv1', filters: 4, kernelSize: 3, padding: 'same', activation: 'relu', inputShape: [8, 8, channels], kernelInitializer: 'zeros' }),
      tf.layers.conv2d({ name: 'conv2', filters: channels, kernelSize: 3, padding: 'same', activation: 'tanh', kernelInitializer: 'zeros' }),
    ],
  });
  initializeNormal(network, random.fork(name), { kernelSd: 0.3 });
  return network;
}
