import type * as tf from '@tensorflow/tfjs';

/** The only input of a layer that takes one: TF.js passes it bare or in an array. */
export function single(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
  return Array.isArray(inputs) ? (inputs[0] as tf.Tensor) : inputs;
}

/** As {@link single}, for shapes. */
export function singleShape(shape: tf.Shape | tf.Shape[]): tf.Shape {
  return (Array.isArray(shape[0]) ? shape[0] : shape) as tf.Shape;
}

/** What every layer of TF.js takes besides its own arguments. */
export interface LayerArgs {
  readonly name?: string;
  /** Shape of one sample; the first layer of a `tf.sequential` needs it. */
  readonly inputShape?: number[];
}
