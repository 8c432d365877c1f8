import * as tf from '@tensorflow/tfjs';
import type { DataSpec } from './data.js';
import { ConfigError } from './errors.js';
import { initializeNormal } from './initialize.js';
import { batchNormalization } from './layers/batch-normalization.js';
import { conv2d, dense } from './layers/prunable.js';
import type { Random } from './random.js';
import { BATCH_NORM } from './small-net.js';

/**
 * The networks of DCGAN (Radford et al. 2015, arXiv 1511.06434), which WGAN, LSGAN, DRAGAN and others trained too. For
 * images whose side is divisible by 4.
 */

export interface DcganNetOptions {
  /** Filters of the discriminator's first layer, twice as many with every further one; the generator mirrors it. */
  readonly filters: number;
  /** Layers of stride 2; null: as many as lead to 4x4. */
  readonly stages: number | null;
}

export interface DcganGeneratorOptions extends DcganNetOptions {
  readonly latentDim: number;
}

export interface DcganDiscriminatorOptions extends DcganNetOptions {
  /** `batch`: batch norm in every layer but the first and the last. `none` where a gradient penalty needs each sample's gradient to be its own. */
  readonly norm: 'batch' | 'none';
}

/** Section 4 of the paper: weights N(0, .02). The authors' code draws batch norm's gamma from N(1, .02). */
const INITIALIZATION = { kernelSd: 0.02, gammaSd: 0.02 };
const CONVOLUTION = { kernelSize: 4, strides: 2, padding: 'same', kernelInitializer: 'zeros' } as const;

/**
 * z [n, latentDim] -> images [n, h, w, c] in [-1, 1]: project, then double the size and halve the filters at every stage.
 * @throws {ConfigError} when there are more stages than the image can be halved.
 */
export function dcganGenerator(data: DataSpec, options: DcganGeneratorOptions, random: Random): tf.LayersModel {
  const { filters, latentDim } = options;
  const { sides, channels, stages } = geometry(options, data);
  const { reLU, reshape } = tf.layers;
  const base = [...(sides[0] as Side), filters * 2 ** (stages - 1)];
  const units = base.reduce((product, side) => product * side, 1);
  // No bias before batch norm, whose beta is one.
  const network = tf.sequential({ name: 'generator' });
  network.add(dense({ name: 'project', units, inputShape: [latentDim], useBias: false, kernelInitializer: 'zeros' }));
  network.add(reshape({ name: 'fold', targetShape: base }));
  network.add(batchNormalization({ name: 'project_bn', ...BATCH_NORM }));
  network.add(reLU({ name: 'project_relu' }));
  for (let stage = 1; stage < stages; stage++) {
    addDoubling(network, { name: `deconv${stage}`, filters: filters * 2 ** (stages - 1 - stage), useBias: false }, sides, stage);
    network.add(batchNormalization({ name: `deconv${stage}_bn`, ...BATCH_NORM }));
    network.add(reLU({ name: `deconv${stage}_relu` }));
  }
  addDoubling(network, { name: `deconv${stages}`, filters: channels, activation: 'tanh' }, sides, stages);
  initializeNormal(network, random.fork('generator'), INITIALIZATION);
  return network;
}

/** A transposed convolution to the side of `stage`; where that is odd (4 to 7), the last row and column of 8 are cut off. */
function addDoubling(network: tf.Sequential, args: { name: string; filters: number; useBias?: boolean; activation?: 'tanh' }, sides: readonly Side[], stage: number): void {
  network.add(tf.layers.conv2dTranspose({ ...CONVOLUTION, ...args }));
  const [[fromHeight, fromWidth], [height, width]] = [sides[stage - 1], sides[stage]] as [Side, Side];
  const [extraHeight, extraWidth] = [2 * fromHeight - height, 2 * fromWidth - width];
  if (extraHeight + extraWidth > 0) {
    network.add(tf.layers.cropping2D({ name: `${args.name}_crop`, cropping: [[0, extraHeight], [0, extraWidth]] }));
  }
}

/**
 * Images [n, h, w, c] -> logits [n, 1]: halve the size and double the filters at every stage.
 * @throws {ConfigError} when there are more stages than the image can be halved.
 */
export function dcganDiscriminator(data: DataSpec, options: DcganDiscriminatorOptions, random: Random): tf.LayersModel {
  const { filters, norm } = options;
  const { stages } = geometry(options, data);
  const { leakyReLU, flatten } = tf.layers;
  const network = tf.sequential({ name: 'discriminator' });
  network.add(conv2d({ name: 'conv1', filters, inputShape: [...data.shape], ...CONVOLUTION })); // no batch norm here
  network.add(leakyReLU({ name: 'conv1_lrelu', alpha: 0.2 }));
  for (let stage = 2; stage <= stages; stage++) {
    network.add(conv2d({ name: `conv${stage}`, filters: filters * 2 ** (stage - 1), useBias: norm === 'none', ...CONVOLUTION }));
    if (norm === 'batch') network.add(batchNormalization({ name: `conv${stage}_bn`, ...BATCH_NORM }));
    network.add(leakyReLU({ name: `conv${stage}_lrelu`, alpha: 0.2 }));
  }
  network.add(flatten({ name: 'flat' }));
  network.add(dense({ name: 'logit', units: 1, kernelInitializer: 'zeros' }));
  initializeNormal(network, random.fork('discriminator'), INITIALIZATION);
  return network;
}

/** Height and width of a feature map, in pixels. */
type Side = readonly [height: number, width: number];

/**
 * The sides of the generator's maps, from the projection to the image. The paper's 64 pixels are 4, 8, 16, 32, 64 (four
 * stages); 32 are 4, 8, 16, 32; 28 are 4, 7, 14, 28, what strided convolutions with 'same' padding make of 28.
 */
function geometry(options: DcganNetOptions, data: DataSpec): { sides: Side[]; channels: number; stages: number } {
  const [height, width, channels] = data.shape as [number, number, number];
  const stages = options.stages ?? Math.round(Math.log2(height / 4));
  const sides = Array.from({ length: stages + 1 }, (_, i): Side => {
    const halvings = 2 ** (stages - i);
    return [Math.ceil(height / halvings), Math.ceil(width / halvings)];
  });
  if (Math.min(...(sides[0] as Side)) < 2) {
    throw new ConfigError(`${stages} stages of stride 2 do not fit images of ${height} pixels.`, {
      remedy: `Leave 'stages' out, or choose it so that ${height} / 2^stages is at least 2.`,
    });
  }
  return { sides, channels, stages };
}
