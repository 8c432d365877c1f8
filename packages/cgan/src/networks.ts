import { BATCH_NORM, batchNormalization, conv2d, type DataSpec, dense, initializeNormal, makeBatchNormParameterFree, type Random } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { connect, joinLabel } from './labels.js';

export interface CganNetworkConfig {
  readonly filters: number;
  readonly hiddenUnits: number;
  readonly latentDim: number;
}

/** The code of DCGAN's authors: kernels N(0, .02). */
const INITIALIZATION = { kernelSd: 0.02 };
/** No biases anywhere: the one-hot label, which joins at every layer, is one per class. */
const DENSE = { useBias: false, kernelInitializer: 'zeros' } as const;
const CONVOLUTION = { kernelSize: 5, strides: 2, padding: 'same', ...DENSE } as const;

/**
 * z [n, latentDim] and one-hot labels [n, classes] -> images [n, h, w, c] in [-1, 1]; the label joins the input of all four
 * layers. https://github.com/Newmu/dcgan_code, mnist/train_cond_dcgan.py; there a sigmoid ends it, for images in [0, 1].
 */
export function cganGenerator({ filters, hiddenUnits, latentDim }: CganNetworkConfig, data: DataSpec, random: Random): tf.LayersModel {
  const [height, width, channels] = data.shape as [number, number, number];
  const base = [height / 4, width / 4, 2 * filters] as const;
  const [z, label] = [tf.input({ name: 'z', shape: [latentDim] }), tf.input({ name: 'label', shape: [data.classes as number] })];

  let x = joinLabel(z, label, 'join1');
  x = normalizedReLU(connect(dense({ name: 'fc1', units: hiddenUnits, ...DENSE }), x), 'fc1');
  x = joinLabel(x, label, 'join2');
  x = normalizedReLU(connect(dense({ name: 'fc2', units: base[0] * base[1] * base[2], ...DENSE }), x), 'fc2');
  x = connect(tf.layers.reshape({ name: 'fold', targetShape: [...base] }), x);
  x = joinLabel(x, label, 'join3');
  x = normalizedReLU(connect(tf.layers.conv2dTranspose({ name: 'deconv1', filters, ...CONVOLUTION }), x), 'deconv1');
  x = joinLabel(x, label, 'join4');
  x = connect(tf.layers.conv2dTranspose({ name: 'deconv2', filters: channels, activation: 'tanh', ...CONVOLUTION }), x);
  return finished(tf.model({ name: 'generator', inputs: [z, label], outputs: x }), random);
}

/** Images [n, h, w, c] and one-hot labels [n, classes] -> logits [n, 1]; the label joins the input of all four layers. */
export function cganDiscriminator({ filters, hiddenUnits }: Omit<CganNetworkConfig, 'latentDim'>, data: DataSpec, random: Random): tf.LayersModel {
  const [image, label] = [tf.input({ name: 'image', shape: [...data.shape] }), tf.input({ name: 'label', shape: [data.classes as number] })];

  let x = joinLabel(image, label, 'join1');
  x = leakyReLU(connect(conv2d({ name: 'conv1', filters, ...CONVOLUTION }), x), 'conv1'); // no batch norm here
  x = joinLabel(x, label, 'join2');
  x = leakyReLU(normalized(connect(conv2d({ name: 'conv2', filters: 2 * filters, ...CONVOLUTION }), x), 'conv2'), 'conv2');
  x = connect(tf.layers.flatten({ name: 'flat' }), x);
  x = joinLabel(x, label, 'join3');
  x = leakyReLU(normalized(connect(dense({ name: 'fc1', units: hiddenUnits, ...DENSE }), x), 'fc1'), 'fc1');
  x = joinLabel(x, label, 'join4');
  x = connect(dense({ name: 'logit', units: 1, ...DENSE }), x);
  return finished(tf.model({ name: 'discriminator', inputs: [image, label], outputs: x }), random);
}

function normalized(x: tf.SymbolicTensor, name: string): tf.SymbolicTensor {
  return connect(batchNormalization({ name: `${name}_bn`, ...BATCH_NORM }), x);
}

function normalizedReLU(x: tf.SymbolicTensor, name: string): tf.SymbolicTensor {
  return connect(tf.layers.reLU({ name: `${name}_relu` }), normalized(x, name));
}

function leakyReLU(x: tf.SymbolicTensor, name: string): tf.SymbolicTensor {
  return connect(tf.layers.leakyReLU({ name: `${name}_lrelu`, alpha: 0.2 }), x);
}

function finished(network: tf.LayersModel, random: Random): tf.LayersModel {
  makeBatchNormParameterFree(network);
  initializeNormal(network, random.fork(network.name), INITIALIZATION);
  return network;
}
