import { type DataSpec, dense, makeBatchNormParameterFree, type Random, sampleSize } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { connect, FEATURES, flattened, initialized, join, leakyReLU, normalized, PLAIN, reLU } from './graph.js';

/**
 * The paper's networks for permutation-invariant MNIST (appendix C.1): MLPs with two hidden layers, no biases, batch norm
 * without scale and shift. What the paper leaves open is as in the authors' code (https://github.com/jeffdonahue/bigan,
 * net.py): z joins the input of the second hidden layer of D, and also of G, whose first layer is normalized too. There
 * images are in [0, 1]. So they are here within the networks: without biases it makes a difference whether black is -1.
 */
export interface BiganNetworkConfig {
  readonly hiddenUnits: number;
  readonly latentDim: number;
}

/** z [n, latentDim] -> images [n, h, w, c] in [-1, 1]. */
export function biganGenerator({ hiddenUnits, latentDim }: BiganNetworkConfig, data: DataSpec, random: Random): tf.LayersModel {
  const z = tf.input({ name: 'z', shape: [latentDim] });
  let x = connect(dense({ name: 'fc1', units: hiddenUnits, ...PLAIN }), z);
  x = reLU(normalized(x, 'fc1_bn'), 'fc1_relu');
  x = connect(dense({ name: 'fc2', units: hiddenUnits, ...PLAIN }), join(x, z));
  x = reLU(normalized(x, 'fc2_bn'), 'fc2_relu');
  x = connect(dense({ name: 'pixels', units: sampleSize(data), activation: 'sigmoid', ...PLAIN }), x);
  x = connect(tf.layers.reshape({ name: 'image', targetShape: [...data.shape] }), fromUnit(x, 'range'));
  return finished(tf.model({ name: 'generator', inputs: z, outputs: x }), random);
}

/** Images [n, h, w, c] -> z [n, latentDim] in [-1, 1]. */
export function biganEncoder({ hiddenUnits, latentDim }: BiganNetworkConfig, data: DataSpec, random: Random): tf.LayersModel {
  const image = tf.input({ name: 'image', shape: [...data.shape] });
  let x = connect(dense({ name: 'fc1', units: hiddenUnits, ...PLAIN }), flattened(toUnit(image, 'unit')));
  x = leakyReLU(x, 'fc1_lrelu');
  x = connect(dense({ name: 'fc2', units: hiddenUnits, ...PLAIN }), x);
  x = leakyReLU(normalized(x, 'fc2_bn'), FEATURES);
  x = connect(dense({ name: 'code', units: latentDim, activation: 'sigmoid', ...PLAIN }), x);
  x = fromUnit(x, 'range');
  return finished(tf.model({ name: 'encoder', inputs: image, outputs: x }), random);
}

/** Images [n, h, w, c] and z [n, latentDim] -> logits [n, 1]; in the code the last kernel starts at zero. */
export function biganDiscriminator({ hiddenUnits, latentDim }: BiganNetworkConfig, data: DataSpec, random: Random): tf.LayersModel {
  const [image, z] = [tf.input({ name: 'image', shape: [...data.shape] }), tf.input({ name: 'z', shape: [latentDim] })];
  let x = connect(dense({ name: 'fc1', units: hiddenUnits, ...PLAIN }), flattened(toUnit(image, 'unit')));
  x = leakyReLU(x, 'fc1_lrelu');
  x = connect(dense({ name: 'fc2', units: hiddenUnits, ...PLAIN }), join(x, z));
  x = leakyReLU(normalized(x, 'fc2_bn'), 'fc2_lrelu');
  x = connect(dense({ name: 'logit', units: 1, ...PLAIN }), x);
  return finished(tf.model({ name: 'discriminator', inputs: [image, z], outputs: x }), random);
}

/** [-1, 1] -> [0, 1] */
function toUnit(x: tf.SymbolicTensor, name: string): tf.SymbolicTensor {
  return connect(tf.layers.rescaling({ name, scale: 0.5, offset: 0.5 }), x);
}

/** [0, 1] -> [-1, 1] */
function fromUnit(x: tf.SymbolicTensor, name: string): tf.SymbolicTensor {
  return connect(tf.layers.rescaling({ name, scale: 2, offset: -1 }), x);
}

function finished(network: tf.LayersModel, random: Random): tf.LayersModel {
  makeBatchNormParameterFree(network);
  return initialized(network, random);
}
