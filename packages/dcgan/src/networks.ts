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
  const { height, width, channels, stages } = geometry(config, data);
  const { batchNormalization, reLU, reshape, conv2dTranspose } = tf.layers;
  const base = [height / 2 ** stages, width / 2 ** stages, config.filters * 2 ** (stages - 1)];
  const units = base.reduce((product, side) => product * side, 1);
  // No bias before batch norm, whose beta is one.
  const network = tf.sequential({ name: 'generator' });
  network.add(dense({ name: 'project', units, inputShape: [config.latentDim], useBias: false, kernelInitializer: 'zeros' }));
  network.add(reshape({ name: 'fold', targetShape: base }));
  network.add(batchNormalization({ name: 'project_bn', ...BATCH_NORM }));
  network.add(reLU({ name: 'project_relu' }));
  for (let stage = 1; stage < stages; stage++) {
    const filters = config.filters * 2 ** (stages - 1 - stage);
    network.add(conv2dTranspose({ name: `deconv${stage}`, filters, useBias: false, ...CONVOLUTION }));
    network.add(batchNormalization({ name: `deconv${stage}_bn`, ...BATCH_NORM }));
    network.add(reLU({ name: `deconv${stage}_relu` }));
  }
  network.add(conv2dTranspose({ name: `deconv${stages}`, filters: channels, activation: 'tanh', ...CONVOLUTION }));
  initializeNormal(network, random.fork('generator'), INITIALIZATION);
  return network;
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

/** The paper's 64 pixels take four stages from 4x4; 32 take three; 28 take two from 7x7. */
function geometry(config: DcganNetworkConfig, data: DataSpec): { height: number; width: number; channels: number; stages: number } {
  const [height, width, channels] = data.shape as [number, number, number];
  const stages = config.stages ?? (height % 7 === 0 ? Math.log2(height / 7) : Math.log2(height / 4));
  if (height % 2 ** stages !== 0 || height / 2 ** stages < 2) {
    throw new ConfigError(`dcgan: ${stages} stages of stride 2 do not fit images of ${height} pixels.`, {
      remedy: `Leave 'stages' out, or choose it so that ${height} / 2^stages is a whole number of at least 2.`,
    });
  }
  return { height, width, channels, stages };
}
