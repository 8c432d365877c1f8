import * as tf from '@tensorflow/tfjs';

type Apply = (argument: tf.Tensor, constants: tf.Tensor[]) => tf.Tensor;

/** A linear map between tensors, with its adjoint. */
export interface LinearMap {
  /** What the map depends on besides its argument: masks, shapes. No gradient goes through them. */
  readonly constants?: () => tf.Tensor[];
  readonly apply: Apply;
  readonly adjoint: Apply;
}

/**
 * A linear map as an operation that can be differentiated as often as wanted: the gradient of a linear map is its
 * adjoint, whose gradient is the map again. Nothing inside `constants` and `apply` needs a gradient of its own.
 */
export function linear(argument: tf.Tensor, { constants = () => [], apply, adjoint }: LinearMap): tf.Tensor {
  const operation = tf.customGrad((...args) => {
    const [x, save] = args as [tf.Tensor, tf.GradSaveFunc];
    const needed = constants();
    save(needed);
    return { value: apply(x, needed), gradFunc: (dy: tf.Tensor, kept: tf.Tensor[]) => linear(dy, { constants: () => kept, apply: adjoint, adjoint: apply }) };
  });
  return operation(argument);
}

/** Elementwise multiplication by what counts as a constant: the slope of a function made of straight pieces. */
export function scaling(slope: () => tf.Tensor): LinearMap {
  const apply: Apply = (dy, [factor]) => tf.mul(dy, factor as tf.Tensor);
  return { constants: () => [slope()], apply, adjoint: apply };
}
