import { conv2d, initializeNormal, instanceNormalization, type Random, reflectionPadding2d } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { KERNEL_SD } from './initialization.js';

export interface GeneratorConfig {
  /** Filters of the first layer; twice as many at half the size, four times at a quarter. */
  readonly filters: number;
  /** Residual blocks at a quarter of the size. */
  readonly blocks: number;
}

type Layer = tf.SymbolicTensor;

/**
 * The paper's translator (appendix 7.2, after Johnson et al. 2016), images of one domain to images of the other:
 *
 *   c7s1-64, d128, d256, R256 x blocks, u128, u64, c7s1-channels, tanh
 *
 * with instance norm without parameters and ReLU after each but the last. 7x7 convolutions and those of residual blocks
 * pad by reflection. Convolutions in front of instance norm have no bias: it takes out what a bias adds. The authors'
 * code has these biases; their gradient is rounding noise, which Adam makes into steps of full length.
 *
 * TF.js's 'same' padding of the strided layers is the mirror image of PyTorch's `padding=1, output_padding=1`.
 * @param from,to [height, width, channels]; height and width are multiples of 4
 */
export function translator(name: string, { filters, blocks }: GeneratorConfig, from: readonly number[], to: readonly number[], random: Random): tf.LayersModel {
  const input = tf.input({ shape: [...from] });
  let x = reflected(input, { name: 'first', filters, kernelSize: 7, useBias: false });
  x = activated(normalized(x, 'first'), 'first');
  for (const stage of [1, 2]) {
    const name = `down${stage}`;
    const halved = conv2d({ name, filters: filters * 2 ** stage, kernelSize: 3, strides: 2, padding: 'same', useBias: false, kernelInitializer: 'zeros' });
    x = activated(normalized(halved.apply(x) as Layer, name), name);
  }
  for (let block = 1; block <= blocks; block++) x = residual(x, 4 * filters, `block${block}`);
  for (const stage of [1, 2]) {
    const name = `up${stage}`;
    const doubled = tf.layers.conv2dTranspose({ name, filters: (4 * filters) / 2 ** stage, kernelSize: 3, strides: 2, padding: 'same', useBias: false, kernelInitializer: 'zeros' });
    x = activated(normalized(doubled.apply(x) as Layer, name), name);
  }
  x = tf.layers.activation({ name: 'last_tanh', activation: 'tanh' }).apply(reflected(x, { name: 'last', filters: to[2] as number, kernelSize: 7 })) as Layer;
  const network = tf.model({ name, inputs: input, outputs: x });
  initializeNormal(network, random.fork(name), { kernelSd: KERNEL_SD });
  return network;
}

/** He et al. 2016 without a ReLU after the sum, as Gross and Wilber found (2016). */
function residual(x: Layer, filters: number, name: string): Layer {
  const one = reflected(x, { name: `${name}_conv1`, filters, kernelSize: 3, useBias: false });
  const two = reflected(activated(normalized(one, `${name}_conv1`), name), { name: `${name}_conv2`, filters, kernelSize: 3, useBias: false });
  return tf.layers.add({ name: `${name}_sum` }).apply([x, normalized(two, `${name}_conv2`)]) as Layer;
}

/** A convolution of stride 1 that keeps the size. */
function reflected(x: Layer, args: { name: string; filters: number; kernelSize: number; useBias?: boolean }): Layer {
  const padded = reflectionPadding2d({ name: `${args.name}_pad`, padding: (args.kernelSize - 1) / 2 }).apply(x) as Layer;
  return conv2d({ ...args, kernelInitializer: 'zeros' }).apply(padded) as Layer;
}

function normalized(x: Layer, name: string): Layer {
  return instanceNormalization({ name: `${name}_in` }).apply(x) as Layer;
}

function activated(x: Layer, name: string): Layer {
  return tf.layers.reLU({ name: `${name}_relu` }).apply(x) as Layer;
}
