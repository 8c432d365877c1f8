import * as tf from '@tensorflow/tfjs';
import type { DataSpec } from './data.js';
import { ConfigError } from './errors.js';
import { initializeNormal } from './initialize.js';
import { batchNormalization } from './layers/batch-normalization.js';
import { conv2d, dense } from './layers/prunable.js';
import { spectralConv2d, spectralDense } from './layers/spectral.js';
import type { Random } from './random.js';

/**
 * The small net of compare_gan (Lucic et al. 2018, arXiv 1711.10337, appendix; InfoGAN's MNIST net), for 28 and 32
 * pixels. Bench gives it to every variant, so that they differ only in what their papers change.
 */
const INITIALIZATION = { kernelSd: 0.02 };
const FIRST_FILTERS = 64;
const SECOND_FILTERS = 128;
const HIDDEN_UNITS = 1024;

/** z [n, latentDim] -> images [n, h, w, c] in [-1, 1]. */
export function smallGenerator(data: DataSpec, latentDim: number, random: Random): tf.LayersModel {
  const [height, width, channels] = quarterable(data);
  const { reLU, reshape, conv2dTranspose } = tf.layers;
  const base = [height / 4, width / 4, SECOND_FILTERS] as const;
  const plain = { useBias: false, kernelInitializer: 'zeros' } as const; // batch norm's beta is the bias
  const network = tf.sequential({
    name: 'generator',
    layers: [
      dense({ name: 'fc1', units: HIDDEN_UNITS, inputShape: [latentDim], ...plain }),
      batchNormalization({ name: 'fc1_bn', ...BATCH_NORM }),
      reLU({ name: 'fc1_relu' }),
      dense({ name: 'fc2', units: base[0] * base[1] * base[2], ...plain }),
      batchNormalization({ name: 'fc2_bn', ...BATCH_NORM }),
      reLU({ name: 'fc2_relu' }),
      reshape({ name: 'fold', targetShape: [...base] }),
      conv2dTranspose({ name: 'deconv1', filters: FIRST_FILTERS, kernelSize: 4, strides: 2, padding: 'same', ...plain }),
      batchNormalization({ name: 'deconv1_bn', ...BATCH_NORM }),
      reLU({ name: 'deconv1_relu' }),
      conv2dTranspose({ name: 'deconv2', filters: channels, kernelSize: 4, strides: 2, padding: 'same', kernelInitializer: 'zeros', activation: 'tanh' }),
    ],
  });
  initializeNormal(network, random.fork('generator'), INITIALIZATION);
  return network;
}

export interface SmallDiscriminatorOptions {
  /**
   * `batch`: batch norm in the two middle layers. `none` where a gradient penalty needs each sample's gradient to be its
   * own (WGAN-GP, DRAGAN). `spectral`: spectral norm in every layer (SNGAN), and a `beforeMove` that iterates it.
   */
  readonly norm: 'batch' | 'none' | 'spectral';
}

/** Images [n, h, w, c] -> logits [n, 1]. */
export function smallDiscriminator(data: DataSpec, { norm }: SmallDiscriminatorOptions, random: Random): tf.LayersModel {
  quarterable(data);
  const { leakyReLU, flatten } = tf.layers;
  const [convolution, linear] = norm === 'spectral' ? [spectralConv2d, spectralDense] : [conv2d, dense];
  const strided = { kernelSize: 4, strides: 2, padding: 'same', kernelInitializer: 'zeros' } as const;
  const inner = { useBias: norm !== 'batch', kernelInitializer: 'zeros' } as const;
  const batchNorm = (name: string): tf.layers.Layer[] => (norm === 'batch' ? [batchNormalization({ name, ...BATCH_NORM })] : []);
  const network = tf.sequential({
    name: 'discriminator',
    layers: [
      convolution({ name: 'conv1', filters: FIRST_FILTERS, inputShape: [...data.shape], ...strided }),
      leakyReLU({ name: 'conv1_lrelu', alpha: 0.2 }),
      convolution({ name: 'conv2', filters: SECOND_FILTERS, ...strided, ...inner }),
      ...batchNorm('conv2_bn'),
      leakyReLU({ name: 'conv2_lrelu', alpha: 0.2 }),
      flatten({ name: 'flat' }),
      linear({ name: 'fc1', units: HIDDEN_UNITS, ...inner }),
      ...batchNorm('fc1_bn'),
      leakyReLU({ name: 'fc1_lrelu', alpha: 0.2 }),
      linear({ name: 'logit', units: 1, kernelInitializer: 'zeros' }),
    ],
  });
  initializeNormal(network, random.fork('discriminator'), INITIALIZATION);
  return network;
}

/** Momentum and epsilon of Torch and PyTorch, which the authors of DCGAN used; TF.js's own are .99 and 1e-3. */
export const BATCH_NORM = { momentum: 0.9, epsilon: 1e-5 } as const;

function quarterable(data: DataSpec): [number, number, number] {
  const [height, width, channels] = data.shape as [number, number, number];
  if (data.kind !== 'images' || height % 4 !== 0 || width % 4 !== 0 || height > 32) {
    throw new ConfigError(`The shared net is for images of 28 or 32 pixels, not for ${data.name} [${data.shape}].`, {
      remedy: "Use the variant's own net (net: 'paper'), or data of 28 or 32 pixels.",
    });
  }
  return [height, width, channels];
}
