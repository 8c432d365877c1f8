import { ConfigError, conv2d, initializeNormal, instanceNormalization, type Random } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { KERNEL_SD } from './initialization.js';

export interface DiscriminatorConfig {
  /** Filters of the first layer; they double with every layer, up to eight times as many. */
  readonly filters: number;
  /** Layers of stride 2. */
  readonly discriminatorLayers: number;
}

/** Maps of a single pixel would all be 0 behind instance norm. */
const LEAST_SIDE = 2;
const KERNEL = 4;

/**
 * The paper's PatchGAN (appendix 7.2; Isola et al. 2017): images -> one score per overlapping patch, [n, h', w', 1].
 *
 *   C64 - C128 - C256 of stride 2 (`discriminatorLayers` of them), C512 of stride 1, then a convolution to one channel
 *
 * all 4x4 with one pixel of zeros around, LeakyReLU .2, instance norm (and so no bias) except in the first layer. With 3 layers of
 * stride 2 a score sees 70 x 70 pixels, with 2 it sees 34 x 34, with 1 16 x 16.
 * @param shape [height, width, channels]
 * @throws {ConfigError} when the image is too small for so many layers
 */
export function patchDiscriminator(name: string, config: DiscriminatorConfig, shape: readonly number[], random: Random): tf.LayersModel {
  const { filters, discriminatorLayers } = config;
  checkSide(shape, discriminatorLayers);
  const { leakyReLU, zeroPadding2d } = tf.layers;
  const network = tf.sequential({ name });
  const add = (name: string, filters: number, strides: 1 | 2, useBias: boolean): void => {
    network.add(conv2d({ name, filters, kernelSize: KERNEL, strides, padding: 'valid', useBias, kernelInitializer: 'zeros' }));
  };
  for (let layer = 1; layer <= discriminatorLayers + 1; layer++) {
    const name = `conv${layer}`;
    network.add(zeroPadding2d({ name: `${name}_pad`, padding: 1, ...(layer === 1 && { inputShape: [...shape] }) }));
    add(name, filters * 2 ** Math.min(layer - 1, 3), layer <= discriminatorLayers ? 2 : 1, layer === 1);
    if (layer > 1) network.add(instanceNormalization({ name: `${name}_in` }));
    network.add(leakyReLU({ name: `${name}_lrelu`, alpha: 0.2 }));
  }
  network.add(zeroPadding2d({ name: 'score_pad', padding: 1 }));
  add('score', 1, 1, true);
  initializeNormal(network, random.fork(name), { kernelSd: KERNEL_SD });
  return network;
}

function checkSide(shape: readonly number[], layers: number): void {
  const side = Math.min(...shape.slice(0, 2));
  const last = Math.floor(side / 2 ** layers) - 1; // a 4x4 layer with a pixel around: stride 2 halves, stride 1 takes one off
  if (last >= LEAST_SIDE) return;
  throw new ConfigError(`cyclegan: a discriminator with ${layers} layers of stride 2 leaves maps of ${Math.max(0, last)} pixels of images of ${side}, too small for instance norm.`, {
    remedy: `Set 'discriminatorLayers' to at most ${Math.floor(Math.log2(side / (LEAST_SIDE + 1)))}, or use larger images.`,
  });
}
