import { BATCH_NORM, batchNormalization, initializeNormal, type Random } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';

/** Every network's start: kernels N(0, .02), in the paper's code and in the shared net alike. */
const INITIALIZATION = { kernelSd: 0.02 };

/** A layer's configuration without biases; the kernels are drawn by {@link initialized}. */
export const PLAIN = { useBias: false, kernelInitializer: 'zeros' } as const;

/** Name of an encoder's activations before its last layer. */
export const FEATURES = 'features';

/** A layer as part of a graph of layers. */
export function connect(layer: tf.layers.Layer, input: tf.SymbolicTensor | tf.SymbolicTensor[]): tf.SymbolicTensor {
  return layer.apply(input) as tf.SymbolicTensor;
}

/** [n, a] and [n, b] -> [n, a + b] */
export function join(features: tf.SymbolicTensor, z: tf.SymbolicTensor): tf.SymbolicTensor {
  return connect(tf.layers.concatenate({ name: 'join', axis: -1 }), [features, z]);
}

export function flattened(x: tf.SymbolicTensor): tf.SymbolicTensor {
  return connect(tf.layers.flatten({ name: 'flat' }), x);
}

export function normalized(x: tf.SymbolicTensor, name: string): tf.SymbolicTensor {
  return connect(batchNormalization({ name, ...BATCH_NORM }), x);
}

export function reLU(x: tf.SymbolicTensor, name: string): tf.SymbolicTensor {
  return connect(tf.layers.reLU({ name }), x);
}

export function leakyReLU(x: tf.SymbolicTensor, name: string): tf.SymbolicTensor {
  return connect(tf.layers.leakyReLU({ name, alpha: 0.2 }), x);
}

/** The network with its weights drawn. */
export function initialized(network: tf.LayersModel, random: Random): tf.LayersModel {
  initializeNormal(network, random.fork(network.name), INITIALIZATION);
  return network;
}

/** An encoder without its last layer: images -> features [n, k]. It shares the encoder's weights. */
export function withoutLastLayer(encoder: tf.LayersModel): tf.LayersModel {
  return tf.model({ inputs: encoder.inputs, outputs: encoder.getLayer(FEATURES).output });
}
