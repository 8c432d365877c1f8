import { type DataSpec, type Random, smallDiscriminator, smallGenerator } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { connect, joinLabel } from './labels.js';

/**
 * The small net that the bench gives to every variant, with the label at its inputs only: the generator's z is followed
 * by the one-hot label, and the discriminator's image has a further, constant channel per class.
 */
export function labelledSmallGenerator(data: DataSpec, latentDim: number, random: Random): tf.LayersModel {
  const classes = data.classes as number;
  const [z, label] = [tf.input({ name: 'z', shape: [latentDim] }), tf.input({ name: 'label', shape: [classes] })];
  const small = smallGenerator(data, latentDim + classes, random);
  return tf.model({ name: 'generator', inputs: [z, label], outputs: through(small, joinLabel(z, label, 'join')) });
}

/** See {@link labelledSmallGenerator}. */
export function labelledSmallDiscriminator(data: DataSpec, random: Random): tf.LayersModel {
  const [height, width, channels] = data.shape as [number, number, number];
  const classes = data.classes as number;
  const [image, label] = [tf.input({ name: 'image', shape: [height, width, channels] }), tf.input({ name: 'label', shape: [classes] })];
  const small = smallDiscriminator({ ...data, shape: [height, width, channels + classes] }, { norm: 'batch' }, random);
  return tf.model({ name: 'discriminator', inputs: [image, label], outputs: through(small, joinLabel(image, label, 'join')) });
}

/** The layers of a network one after the other, as part of another: a network within a network would hide its layers. */
function through(network: tf.LayersModel, input: tf.SymbolicTensor): tf.SymbolicTensor {
  return network.layers.filter((layer) => layer.getClassName() !== 'InputLayer').reduce((x, layer) => connect(layer, x), input);
}
