import { type DataSpec, equalizedConv2d, equalizedDense, initializeNormal, minibatchStdDev, pixelNorm, type Random } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { FIRST, resolutions } from './schedule.js';

export interface ProganNetworkConfig {
  readonly latentDim: number;
  readonly featureBase: number;
  readonly featureMax: number;
  readonly groupSize: number;
}

type Symbolic = tf.SymbolicTensor;

/**
 * Table 2, G: z [n, latentDim] -> images at every resolution, [n, 4, 4, c] ... [n, size, size, c], not bounded. The
 * layers are those of all levels; {@link growingImage} runs those of one. After a convolution comes a leaky ReLU, then
 * pixel norm, as in the authors' code. Every part of the network is a network of its own: `base`, `block8` ..., `image4` ....
 */
export function proganGenerator(config: ProganNetworkConfig, data: DataSpec, random: Random): tf.LayersModel {
  const [size, , channels] = data.shape as [number, number, number];
  const z = tf.input({ name: 'z', shape: [config.latentDim] });
  const images: Symbolic[] = [];
  let x = z;
  for (const resolution of resolutions(size)) {
    const part = resolution === FIRST ? generatorBase(config) : generatorBlock(config, resolution);
    x = part.apply(x) as Symbolic;
    images.push(conv(`image${resolution}`, channels, 1, { gain: 1 }).apply(x) as Symbolic);
  }
  const network = tf.model({ name: 'generator', inputs: z, outputs: images });
  initializeNormal(network, random.fork('generator'), { kernelSd: 1 });
  return network;
}

function generatorBase(config: ProganNetworkConfig): tf.Sequential {
  const features = featuresAt(config, FIRST);
  return tf.sequential({
    name: 'base',
    layers: [
      pixelNorm({ name: 'z_norm', inputShape: [config.latentDim] }),
      // The authors' code divides this layer's gain by 4.
      equalizedDense({ name: 'project', units: FIRST * FIRST * features, gain: Math.SQRT2 / 4, kernelInitializer: 'zeros' }),
      tf.layers.reshape({ name: 'fold', targetShape: [FIRST, FIRST, features] }),
      ...rectified('project'),
      pixelNorm({ name: 'project_norm' }),
      conv('conv4', features, 3),
      ...rectified('conv4'),
      pixelNorm({ name: 'conv4_norm' }),
    ],
  });
}

/** Doubles the resolution. */
function generatorBlock(config: ProganNetworkConfig, resolution: number): tf.Sequential {
  const features = featuresAt(config, resolution);
  const half = resolution / 2;
  const network = tf.sequential({ name: `block${resolution}` });
  network.add(tf.layers.upSampling2d({ name: `up${resolution}`, size: [2, 2], inputShape: [half, half, featuresAt(config, half)] }));
  for (const name of [`conv${resolution}a`, `conv${resolution}b`]) {
    for (const layer of [conv(name, features, 3), ...rectified(name), pixelNorm({ name: `${name}_norm` })]) network.add(layer);
  }
  return network;
}

/**
 * Table 2, D: images at every resolution -> the scores [n, 1] of each. {@link growingScores} runs the layers of one
 * level. Parts: `from4` ... take an image in, `block8` ... halve the resolution, `head` ends in the score.
 */
export function proganDiscriminator(config: ProganNetworkConfig, data: DataSpec, random: Random): tf.LayersModel {
  const [size, , channels] = data.shape as [number, number, number];
  const levels = resolutions(size);
  const images = levels.map((resolution) => tf.input({ name: `x${resolution}`, shape: [resolution, resolution, channels] }));
  const blocks = levels.slice(1).map((resolution) => discriminatorBlock(config, resolution));
  const head = discriminatorHead(config);
  const scores = levels.map((resolution, level) => {
    const start = imageIn(config, resolution, channels).apply(images[level] as Symbolic) as Symbolic;
    const down = blocks.slice(0, level).reduceRight((x, block) => block.apply(x) as Symbolic, start);
    return head.apply(down) as Symbolic;
  });
  const network = tf.model({ name: 'discriminator', inputs: images, outputs: scores });
  initializeNormal(network, random.fork('discriminator'), { kernelSd: 1 });
  return network;
}

function imageIn(config: ProganNetworkConfig, resolution: number, channels: number): tf.Sequential {
  const name = `from${resolution}`;
  const inputShape = [resolution, resolution, channels];
  return tf.sequential({ name, layers: [conv(`${name}_conv`, featuresAt(config, resolution), 1, { inputShape }), ...rectified(name)] });
}

function discriminatorBlock(config: ProganNetworkConfig, resolution: number): tf.Sequential {
  const [features, further] = [featuresAt(config, resolution), featuresAt(config, resolution / 2)];
  const [a, b] = [`conv${resolution}a`, `conv${resolution}b`];
  return tf.sequential({
    name: `block${resolution}`,
    layers: [
      conv(a, features, 3, { inputShape: [resolution, resolution, features] }),
      ...rectified(a),
      conv(b, further, 3),
      ...rectified(b),
      tf.layers.averagePooling2d({ name: `down${resolution}`, poolSize: 2, strides: 2 }),
    ],
  });
}

function discriminatorHead(config: ProganNetworkConfig): tf.Sequential {
  const features = featuresAt(config, FIRST);
  return tf.sequential({
    name: 'head',
    layers: [
      minibatchStdDev({ name: 'deviation', groupSize: config.groupSize, inputShape: [FIRST, FIRST, features] }),
      conv('conv4', features, 3),
      ...rectified('conv4'),
      tf.layers.flatten({ name: 'flat' }),
      equalizedDense({ name: 'fc', units: featuresAt(config, FIRST / 2), kernelInitializer: 'zeros' }),
      ...rectified('fc'),
      equalizedDense({ name: 'score', units: 1, gain: 1, kernelInitializer: 'zeros' }),
    ],
  });
}

/** Filters at a resolution: halved whenever it doubles, up to a maximum. */
function featuresAt({ featureBase, featureMax }: ProganNetworkConfig, resolution: number): number {
  return Math.max(1, Math.min(featureMax, Math.floor((2 * featureBase) / resolution)));
}

function conv(name: string, filters: number, kernelSize: number, more: { gain?: number; inputShape?: number[] } = {}): tf.layers.Layer {
  return equalizedConv2d({ name, filters, kernelSize, kernelInitializer: 'zeros', ...more });
}

function rectified(name: string): tf.layers.Layer[] {
  return [tf.layers.leakyReLU({ name: `${name}_lrelu`, alpha: 0.2 })];
}
