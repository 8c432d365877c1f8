import * as tf from '@tensorflow/tfjs';
import { EngineError } from './errors.js';
import type { Random } from './random.js';

/**
 * Parts of the penalties on a critic's gradient with respect to its input. They are gradients inside of a loss, which is
 * differentiated again: TensorFlow.js does that rightly only after `correctGradients()` of `@ganzoo/engine/gradients`,
 * which `loadEngine` has called.
 */

/** Inside the root of a norm: the derivative of a root is infinite at 0. Gradients of length 1e-6 and below count as that long. */
const EPSILON = 1e-12;

/**
 * The gradient of each score with respect to its own sample: [n, ...] as `x`. It is that of the sum of all scores, so
 * the critic must treat every sample on its own, without batch norm.
 * @throws {EngineError} when TensorFlow.js has its own gradients still.
 */
export function inputGradients(critic: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor): tf.Tensor {
  if (!tf.getGradient('Greater')) {
    throw new EngineError('A penalty needs gradients of gradients, which TensorFlow.js has wrong.', {
      remedy: "Call correctGradients() of '@ganzoo/engine/gradients' before training; loadEngine() of '@ganzoo/engine' does.",
    });
  }
  return tf.grad(critic)(x);
}

/** Length of each sample's gradient, over all axes but the batch: [n, ...] -> [n]. */
export function gradientNorms(gradients: tf.Tensor): tf.Tensor1D {
  const flat = tf.reshape(gradients, [gradients.shape[0] as number, -1]);
  return tf.sqrt(tf.add(tf.sum(tf.square(flat), 1), EPSILON)) as tf.Tensor1D;
}

/** U[0, 1), one draw per sample, shaped so that it multiplies samples like `x`: [n, 1, ...]. */
export function uniformPerSample(x: tf.Tensor, random: Random): tf.Tensor {
  return random.uniform(x.shape.map((size, axis) => (axis === 0 ? size : 1)));
}

/** A point on the line between each pair of samples, a + alpha (b - a), with one alpha ~ U[0, 1) per pair: [n, ...]. */
export function randomInterpolates(a: tf.Tensor, b: tf.Tensor, random: Random): tf.Tensor {
  return tf.add(a, tf.mul(uniformPerSample(a, random), tf.sub(b, a)));
}
