import { BATCH_NORM, batchNormalization, conv2d, type DataSpec, dense, initializeNormal, type Random, spectralConv2d, spectralDense } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';

export interface SnganNetworkConfig {
  readonly filters: number;
  readonly latentDim: number;
}

/** The authors' code draws every weight from N(0, .02). */
const INITIALIZATION = { kernelSd: 0.02 };
/** Halvings from the image to the smallest map. */
const STAGES = 3;

/**
 * Table 3 (a), the standard CNN: z [n, latentDim] -> images [n, h, w, c] in [-1, 1]. A dense layer to [h / 8, w / 8,
 * 8 filters], three transposed convolutions 4x4 of stride 2 with 4, 2 and 1 times the filters, a 3x3 convolution.
 */
export function snganGenerator({ filters, latentDim }: SnganNetworkConfig, data: DataSpec, random: Random): tf.LayersModel {
  const [height, width, channels] = data.shape as [number, number, number];
  const { reLU, reshape, conv2dTranspose, cropping2D } = tf.layers;
  const base = [side(height, STAGES), side(width, STAGES), 8 * filters] as const;
  const network = tf.sequential({ name: 'generator' });
  // No bias before batch norm, whose beta is one.
  network.add(dense({ name: 'project', units: base[0] * base[1] * base[2], inputShape: [latentDim], useBias: false, kernelInitializer: 'zeros' }));
  network.add(reshape({ name: 'fold', targetShape: [...base] }));
  network.add(batchNormalization({ name: 'project_bn', ...BATCH_NORM }));
  network.add(reLU({ name: 'project_relu' }));
  for (let stage = 1; stage <= STAGES; stage++) {
    const name = `deconv${stage}`;
    network.add(conv2dTranspose({ name, filters: filters * 2 ** (STAGES - stage), kernelSize: 4, strides: 2, padding: 'same', useBias: false, kernelInitializer: 'zeros' }));
    const [from, to] = [STAGES - stage + 1, STAGES - stage];
    const cropping: [[number, number], [number, number]] = [[0, 2 * side(height, from) - side(height, to)], [0, 2 * side(width, from) - side(width, to)]];
    if (cropping.flat().some((pixels) => pixels > 0)) network.add(cropping2D({ name: `${name}_crop`, cropping }));
    network.add(batchNormalization({ name: `${name}_bn`, ...BATCH_NORM }));
    network.add(reLU({ name: `${name}_relu` }));
  }
  network.add(conv2d({ name: 'image', filters: channels, kernelSize: 3, padding: 'same', activation: 'tanh', kernelInitializer: 'zeros' }));
  initializeNormal(network, random.fork('generator'), INITIALIZATION);
  return network;
}

/**
 * Table 3 (b): images [n, h, w, c] -> scores [n, 1]. Pairs of a 3x3 convolution of stride 1 and a 4x4 one of stride 2
 * with 1, 2 and 4 times the filters, a 3x3 one with 8 times, a dense layer; slopes of .1 below zero, spectral norm in
 * every layer. (The authors' code doubles the filters at the 4x4 convolutions and has slopes of .2.)
 */
export function snganDiscriminator({ filters }: SnganNetworkConfig, data: DataSpec, random: Random): tf.LayersModel {
  const network = tf.sequential({ name: 'discriminator' });
  const add = (name: string, factor: number, shape: { kernelSize: number; strides?: number; inputShape?: number[] }): void => {
    network.add(spectralConv2d({ name, filters: factor * filters, padding: 'same', kernelInitializer: 'zeros', ...shape }));
    network.add(tf.layers.leakyReLU({ name: `${name}_lrelu`, alpha: 0.1 }));
  };
  for (let stage = 0; stage < STAGES; stage++) {
    add(`conv${2 * stage + 1}`, 2 ** stage, { kernelSize: 3, ...(stage === 0 && { inputShape: [...data.shape] }) });
    add(`conv${2 * stage + 2}`, 2 ** stage, { kernelSize: 4, strides: 2 });
  }
  add(`conv${2 * STAGES + 1}`, 8, { kernelSize: 3 });
  network.add(tf.layers.flatten({ name: 'flat' }));
  network.add(spectralDense({ name: 'score', units: 1, kernelInitializer: 'zeros' }));
  initializeNormal(network, random.fork('discriminator'), INITIALIZATION);
  return network;
}

/** What strided convolutions with same padding make of a side: 28 becomes 14, 7, 4. */
function side(pixels: number, halvings: number): number {
  return Math.ceil(pixels / 2 ** halvings);
}
