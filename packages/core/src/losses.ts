import * as tf from '@tensorflow/tfjs';

/**
 * The losses that two or more variants share. All take logits [n, 1], never probabilities, and return the batch mean.
 */

/**
 * Goodfellow et al. 2014 (arXiv 1406.2661), eq. 1, negated to be minimized:
 * -log sigmoid(D(x)) - log(1 - sigmoid(D(G(z)))), with -log sigmoid(a) = softplus(-a) so that no logarithm of zero occurs.
 */
export function minimaxDiscriminatorLoss(realLogits: tf.Tensor, fakeLogits: tf.Tensor): tf.Scalar {
  return tf.add(tf.mean(tf.softplus(tf.neg(realLogits))), tf.mean(tf.softplus(fakeLogits)));
}

/** Goodfellow et al. 2014, section 3: the non-saturating generator loss -log sigmoid(D(G(z))). */
export function nonSaturatingGeneratorLoss(fakeLogits: tf.Tensor): tf.Scalar {
  return tf.mean(tf.softplus(tf.neg(fakeLogits)));
}
