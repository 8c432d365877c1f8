import { BATCH_NORM, ConfigError, conv2d, type DataSpec, dense, initializeNormal, type Random } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';

export interface DcganNetworkConfig {
  readonly filters: number;
  readonly stages: number | null;
  readonly latentDim: number;
}

/** Section 4 of the paper: weights N(0, .02). The authors' code draws batch norm's gamma from N(1, .02). */
const INITIALIZATION = { kernelSd: 0.02, gammaSd: 0.02 };
const CONVOLUTION = { kernelSize: 4, strides: 2, padding: 'same', kernelInitializer: 'zeros' } as const;

/** z [n, latentDim] -> images [n, h, w, c] in [-1, 1]: project, then double the size and halve the filters at every stage. */
export function dcganGenerator(config: DcganNetworkConfig, data: DataSpec, random: Random): tf.LayersModel {
  const { sides, channels, stages } = geometry(config, data);
  const { batchNormalization, reLU, reshape } = tf.layers;
  const base = [...(sides[0] as Side), config.filters * 2 ** (stages - 1)];
  const units = base.reduce((product, side) => product * side, 1);
  // No bias before batch norm, whose beta is one.
  const network = tf.sequential({ name: 'generator' });
  network.add(dense({ name: 'project', units, inputShape: [config.latentDim], useBias: false, kernelInitializer: 'zeros' }));
  network.add(reshape({ name: 'fold', targetShape: base }));
  network.add(batchNormalization({ name: 'project_bn', ...BATCH_NORM }));
  network.add(reLU({ name: 'project_relu' }));
  for (let stage = 1; stage < stages; stage++) {
    const filters = config.filters * 2 ** (stages - 1 - stage);
    addDoubling(network, { name: `deconv${stage}`, filters, useBias: false }, sides, stage);
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

/** Images [n, h, w, c] -> logits [n, 1]: halve the size and double the filters at every stage. */
export function dcganDiscriminator(config: DcganNetworkConfig, data: DataSpec, random: Random): tf.LayersModel {
  const { stages } = geometry(config, data);
  const { batchNormalization, leakyReLU, flatten } = tf.layers;
  const network = tf.sequential({ name: 'discriminator' });
  network.add(conv2d({ name: 'conv1', filters: config.filters, inputShape: [...data.shape], ...CONVOLUTION })); // no batch norm here
  network.add(leakyReLU({ name: 'conv1_lrelu', alpha: 0.2 }));
  for (let stage = 2; stage <= stages; stage++) {
    network.add(conv2d({ name: `conv${stage}`, filters: config.filters * 2 ** (stage - 1), useBias: false, ...CONVOLUTION }));
    network.add(batchNormalization({ name: `conv${stage}_bn`, ...BATCH_NORM }));
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
function geometry(config: DcganNetworkConfig, data: DataSpec): { sides: Side[]; channels: number; stages: number } {
  const [height, width, channels] = data.shape as [number, number, number];
  const stages = config.stages ?? Math.round(Math.log2(height / 4));
  const sides = Array.from({ length: stages + 1 }, (_, i): Side => {
    const halvings = 2 ** (stages - i);
    return [Math.ceil(height / halvings), Math.ceil(width / halvings)];
  });
  if (Math.min(...(sides[0] as Side)) < 2) {
    throw new ConfigError(`dcgan: ${stages} stages of stride 2 do not fit images of ${height} pixels.`, {
      remedy: `Leave 'stages' out, or choose it so that ${height} / 2^stages is at least 2.`,
    });
  }
  return { sides, channels, stages };
}
