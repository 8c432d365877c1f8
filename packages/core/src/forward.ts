import type * as tf from '@tensorflow/tfjs';

/** A network in training mode: batch norm uses the batch's statistics, and updates its moving ones. */
export function train(network: tf.LayersModel, input: tf.Tensor | tf.Tensor[]): tf.Tensor {
  return network.apply(input, { training: true }) as tf.Tensor;
}

/** A network in inference mode: batch norm uses its moving statistics. */
export function infer(network: tf.LayersModel, input: tf.Tensor | tf.Tensor[]): tf.Tensor {
  return network.apply(input, { training: false }) as tf.Tensor;
}
