import { uniformPerSample, type Random } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';

/**
 * Points near the data, x + alpha (std(x) u / 2): u ~ U[0, 1) for every number, alpha ~ U[0, 1) for every sample, one
 * standard deviation over the whole batch. [n, ...] -> [n, ...]
 */
export function perturbed(x: tf.Tensor, random: Random): tf.Tensor {
  const alpha = uniformPerSample(x, random);
  const noise = tf.mul(random.uniform(x.shape), tf.mul(tf.sqrt(tf.moments(x).variance), 0.5));
  return tf.add(x, tf.mul(alpha, noise));
}
