import * as tf from '@tensorflow/tfjs';

/** 1/2 E[(D(.) - target)^2], one term of eq. 2. @param scores what the discriminator's linear output gives, [n, 1]. */
export function leastSquares(scores: tf.Tensor, target: number): tf.Scalar {
  return tf.mul(0.5, tf.mean(tf.square(tf.sub(scores, target))));
}
