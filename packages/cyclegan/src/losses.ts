import * as tf from '@tensorflow/tfjs';

/**
 * Mao et al. 2017, which section 4 of the paper takes for its adversarial losses: E[(D(x) - target)^2] over all patches.
 * @param scores [n, h', w', 1]
 * @param target 1 for what shall pass as real, 0 for fakes
 */
export function leastSquares(scores: tf.Tensor, target: 0 | 1): tf.Scalar {
  return tf.mean(tf.square(tf.sub(scores, target)));
}

/** Mean absolute difference: the cycle's loss (eq. 2) and the identity's (section 5.2). */
export function l1(one: tf.Tensor, other: tf.Tensor): tf.Scalar {
  return tf.mean(tf.abs(tf.sub(one, other)));
}
