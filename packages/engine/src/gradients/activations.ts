import * as tf from '@tensorflow/tfjs';
import { linear, type LinearMap, scaling } from './linear.js';
import type { Correction } from './registry.js';

const SELU_SCALE = 1.0507009873554805; // Klambauer et al. 2017 (arXiv 1706.02515), section 3
const SELU_ALPHA = 1.6732632423543772;

/** Where `signed` > 0 the gradient as it is, elsewhere `alpha` times it: two operations and a mask, as in TensorFlow.js. */
function leak(signed: tf.Tensor, alpha: number): LinearMap {
  const apply: LinearMap['apply'] = (dy, [positive]) => tf.where(positive as tf.Tensor, dy, tf.mul(dy, alpha));
  return { constants: () => [tf.greater(signed, 0)], apply, adjoint: apply };
}

/** scale x for x > 0, else scale alpha (exp x - 1) */
function exponentialUnit(kernelName: string, scale: number, alpha: number): Correction {
  return {
    kernelName,
    inputsToSave: ['x'],
    gradFunc: (dy, [x]) => ({
      x: () => {
        const below = tf.mul(tf.exp(tf.minimum(x as tf.Tensor, 0)), scale * alpha); // never infinite where it is not taken
        return tf.where(tf.greater(x as tf.Tensor, 0), tf.mul(dy, scale), tf.mul(dy, below));
      },
    }),
  };
}

const between = (x: tf.Tensor, low: number, high: number): tf.Tensor => tf.logicalAnd(tf.greater(x, low), tf.lessEqual(x, high));

export const activations: readonly Correction[] = [
  {
    kernelName: 'Relu',
    inputsToSave: ['x'],
    gradFunc: (dy, [x]) => ({ x: () => linear(dy, scaling(() => tf.cast(tf.greater(x as tf.Tensor, 0), 'float32'))) }),
  },
  {
    kernelName: 'Relu6',
    inputsToSave: ['x'],
    gradFunc: (dy, [x]) => ({ x: () => linear(dy, scaling(() => tf.cast(between(x as tf.Tensor, 0, 6), 'float32'))) }),
  },
  {
    kernelName: 'LeakyRelu',
    inputsToSave: ['x'],
    outputsToSave: [true],
    // The output is positive where the input is, and is the one that TensorFlow keeps: it fuses convolution, bias and leaky ReLU.
    gradFunc: (dy, [x, y], { alpha }) => ({ x: () => linear(dy, leak(((alpha as number) < 0 ? x : y) as tf.Tensor, alpha as number)) }),
  },
  exponentialUnit('Elu', 1, 1),
  exponentialUnit('Selu', SELU_SCALE, SELU_ALPHA),
];
