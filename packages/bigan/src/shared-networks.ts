import { conv2d, type DataSpec, dense, type Random } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { connect, FEATURES, flattened, initialized, join, leakyReLU, normalized, PLAIN } from './graph.js';

/**
 * E and D on the small net that the bench gives to every variant, whose generator serves as it is. Both have the layers of
 * its discriminator: E ends in z, and D's dense layer sees z beside the flattened maps.
 */
const HIDDEN_UNITS = 1024;

/** Images [n, h, w, c] -> z [n, latentDim] in [-1, 1]. */
export function smallEncoder(data: DataSpec, latentDim: number, random: Random): tf.LayersModel {
  const image = tf.input({ name: 'image', shape: [...data.shape] });
  let x = connect(dense({ name: 'fc1', units: HIDDEN_UNITS, ...PLAIN }), convolutions(image));
  x = leakyReLU(normalized(x, 'fc1_bn'), FEATURES);
  x = connect(dense({ name: 'code', units: latentDim, activation: 'tanh', kernelInitializer: 'zeros' }), x);
  return initialized(tf.model({ name: 'encoder', inputs: image, outputs: x }), random);
}

/** Images [n, h, w, c] and z [n, latentDim] -> logits [n, 1]. */
export function smallJointDiscriminator(data: DataSpec, latentDim: number, random: Random): tf.LayersModel {
  const [image, z] = [tf.input({ name: 'image', shape: [...data.shape] }), tf.input({ name: 'z', shape: [latentDim] })];
  let x = connect(dense({ name: 'fc1', units: HIDDEN_UNITS, ...PLAIN }), join(convolutions(image), z));
  x = leakyReLU(normalized(x, 'fc1_bn'), 'fc1_lrelu');
  x = connect(dense({ name: 'logit', units: 1, kernelInitializer: 'zeros' }), x);
  return initialized(tf.model({ name: 'discriminator', inputs: [image, z], outputs: x }), random);
}

/** Conv 64 4/2, Conv 128 4/2-BN, flattened. */
function convolutions(image: tf.SymbolicTensor): tf.SymbolicTensor {
  const shape = { kernelSize: 4, strides: 2, padding: 'same' } as const;
  let x = connect(conv2d({ name: 'conv1', filters: 64, ...shape, kernelInitializer: 'zeros' }), image);
  x = leakyReLU(x, 'conv1_lrelu');
  x = connect(conv2d({ name: 'conv2', filters: 128, ...shape, ...PLAIN }), x);
  return flattened(leakyReLU(normalized(x, 'conv2_bn'), 'conv2_lrelu'));
}
