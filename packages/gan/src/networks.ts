import { type DataSpec, dense, initializeNormal, type Random, sampleSize } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';

const INITIALIZATION = { kernelSd: 'he' } as const;
const ZEROS = { kernelInitializer: 'zeros' } as const;

export interface GanNetworkConfig {
  readonly latentDim: number;
  /** Units of the generator's hidden layers; the discriminator's are the same in reverse. */
  readonly hidden: readonly number[];
  /** Share of the values of each hidden layer of the discriminator that are set to zero. */
  readonly dropout: number;
}

/** z [n, latentDim] -> images [n, h, w, c] in [-1, 1]: dense layers with leaky ReLU, at last tanh. */
export function ganGenerator({ latentDim, hidden }: GanNetworkConfig, data: DataSpec, random: Random): tf.LayersModel {
  const network = tf.sequential({ name: 'generator' });
  hidden.forEach((units, i) => {
    network.add(dense({ name: `fc${i + 1}`, units, ...(i === 0 && { inputShape: [latentDim] }), ...ZEROS }));
    network.add(tf.layers.leakyReLU({ name: `fc${i + 1}_lrelu`, alpha: 0.2 }));
  });
  network.add(dense({ name: 'out', units: sampleSize(data), activation: 'tanh', ...ZEROS }));
  network.add(tf.layers.reshape({ name: 'image', targetShape: [...data.shape] }));
  initializeNormal(network, random.fork('generator'), INITIALIZATION);
  return network;
}

/** Images [n, h, w, c] -> logits [n, 1]: dense layers with leaky ReLU and dropout. In training mode it runs by `trainWithDropout`. */
export function ganDiscriminator({ hidden, dropout }: GanNetworkConfig, data: DataSpec, random: Random): tf.LayersModel {
  const network = tf.sequential({ name: 'discriminator' });
  network.add(tf.layers.flatten({ name: 'flat', inputShape: [...data.shape] }));
  hidden.toReversed().forEach((units, i) => {
    network.add(dense({ name: `fc${i + 1}`, units, ...ZEROS }));
    network.add(tf.layers.leakyReLU({ name: `fc${i + 1}_lrelu`, alpha: 0.2 }));
    if (dropout > 0) network.add(tf.layers.dropout({ name: `fc${i + 1}_dropout`, rate: dropout }));
  });
  network.add(dense({ name: 'logit', units: 1, ...ZEROS }));
  initializeNormal(network, random.fork('discriminator'), INITIALIZATION);
  return network;
}
