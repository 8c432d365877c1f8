import * as tf from '@tensorflow/tfjs';
import type { DataSpec } from './data.js';
import { ConfigError } from './errors.js';
import { initializeNormal, type NormalInitialization } from './initialize.js';
import { batchNormalization } from './layers/batch-normalization.js';
import { maxout } from './layers/maxout.js';
import { dense } from './layers/prunable.js';
import { spectralDense } from './layers/spectral.js';
import type { Random } from './random.js';
import { BATCH_NORM } from './small-net.js';

/** Fully connected networks for vectors: the 2-D mixtures on which GANs are taken apart. */
export interface ToyNetOptions {
  /** Units of each hidden layer: [128, 128]. */
  readonly hidden: readonly number[];
  /** Standard deviation of the kernels. Default `he`, ours: the papers do not say what their toy networks start from. */
  readonly kernelSd?: NormalInitialization['kernelSd'];
}

export interface ToyGeneratorOptions extends ToyNetOptions {
  readonly latentDim: number;
  /** Batch norm before every ReLU: with these settings, or with the zoo's usual ones. Default false. */
  readonly batchNorm?: boolean | { readonly momentum: number; readonly epsilon: number };
}

export interface ToyDiscriminatorOptions extends ToyNetOptions {
  /** `leakyRelu` has a slope of .2 below zero. */
  readonly activation: 'relu' | 'leakyRelu';
  /** Spectral norm in every layer, and a `beforeMove` that iterates it. Default false. */
  readonly spectralNorm?: boolean;
}

/**
 * z [n, latentDim] -> vectors [n, d], not bounded: hidden layers with ReLU, a linear output.
 * @throws {ConfigError} when the data are not vectors.
 */
export function toyGenerator(data: DataSpec, options: ToyGeneratorOptions, random: Random): tf.LayersModel {
  const { latentDim, hidden, batchNorm = false, kernelSd = 'he' } = options;
  const network = tf.sequential({ name: 'generator' });
  hidden.forEach((units, i) => {
    const name = `fc${i + 1}`;
    network.add(dense({ name, units, useBias: batchNorm === false, ...first(i, latentDim), ...ZEROS })); // batch norm's beta is the bias
    if (batchNorm !== false) network.add(batchNormalization({ name: `${name}_bn`, ...(batchNorm === true ? BATCH_NORM : batchNorm) }));
    network.add(tf.layers.reLU({ name: `${name}_relu` }));
  });
  network.add(dense({ name: 'out', units: dimensions(data), ...first(hidden.length, latentDim), ...ZEROS }));
  initializeNormal(network, random.fork('generator'), { kernelSd });
  return network;
}

/**
 * Vectors [n, d] -> logits or scores [n, 1]. No batch norm: gradient penalties may use it.
 * @throws {ConfigError} when the data are not vectors.
 */
export function toyDiscriminator(data: DataSpec, options: ToyDiscriminatorOptions, random: Random): tf.LayersModel {
  const { hidden, activation, spectralNorm = false, kernelSd = 'he' } = options;
  const linear = spectralNorm ? spectralDense : dense;
  const network = tf.sequential({ name: 'discriminator' });
  hidden.forEach((units, i) => {
    const name = `fc${i + 1}`;
    network.add(linear({ name, units, ...first(i, dimensions(data)), ...ZEROS }));
    network.add(activation === 'relu' ? tf.layers.reLU({ name: `${name}_relu` }) : tf.layers.leakyReLU({ name: `${name}_lrelu`, alpha: 0.2 }));
  });
  network.add(linear({ name: 'logit', units: 1, ...first(hidden.length, dimensions(data)), ...ZEROS }));
  initializeNormal(network, random.fork('discriminator'), { kernelSd });
  return network;
}

/** Of the networks of PacGAN's code for 2-D mixtures. Its batch norm is that of Blocks. */
const PACGAN = { kernelSd: 0.02, batchNorm: { momentum: 0.95, epsilon: 1e-4 }, generator: [400, 400, 400, 400], discriminator: [200, 200, 200], pieces: 5 } as const;

/**
 * The generator on which VEEGAN and PacGAN (Lin et al. 2018, arXiv 1712.04086, section 4.1 and code) compare GANs for 2-D
 * mixtures: z [n, latentDim], in the paper N(0, 1)^2, -> vectors [n, d]; four layers of 400 with batch norm and ReLU; weights N(0, .02).
 * @throws {ConfigError} when the data are not vectors.
 */
export function pacganGenerator(data: DataSpec, latentDim: number, random: Random): tf.LayersModel {
  return toyGenerator(data, { latentDim, hidden: PACGAN.generator, batchNorm: PACGAN.batchNorm, kernelSd: PACGAN.kernelSd }, random);
}

/**
 * The discriminator beside {@link pacganGenerator}, of a single sample (packing 1): vectors [n, d] -> logits [n, 1]; three layers of 200
 * maxout units of five pieces; weights N(0, .02).
 * @throws {ConfigError} when the data are not vectors.
 */
export function pacganDiscriminator(data: DataSpec, random: Random): tf.LayersModel {
  const network = tf.sequential({ name: 'discriminator' });
  PACGAN.discriminator.forEach((units, i) => network.add(maxout({ name: `fc${i + 1}`, units, pieces: PACGAN.pieces, ...first(i, dimensions(data)), ...ZEROS })));
  network.add(dense({ name: 'logit', units: 1, ...ZEROS }));
  initializeNormal(network, random.fork('discriminator'), { kernelSd: PACGAN.kernelSd });
  return network;
}

const ZEROS = { kernelInitializer: 'zeros' } as const;

/** What a network's first layer must know. */
function first(index: number, size: number): { inputShape?: [number] } {
  return index === 0 ? { inputShape: [size] } : {};
}

function dimensions(data: DataSpec): number {
  const [size] = data.shape;
  if (data.kind !== 'vectors' || size === undefined || data.shape.length !== 1) {
    throw new ConfigError(`The toy net is for vectors, not for ${data.name} [${data.shape}].`, { remedy: "Use the variant's own net, or data such as 'ring'." });
  }
  return size;
}
