import * as tf from '@tensorflow/tfjs';
import { linear, type LinearMap, scaling } from './linear.js';
import type { Correction } from './registry.js';

const SELU_SCALE = 1.0507009873554805; // Klambauer et al. 2017 (arXiv 1706.02515), section 3
const SELU_ALPHA = 1.6732632423543772;

/** Kernels that an engine may have: where features > 0 the gradient dy as it is, elsewhere alpha dy, or 0. */
export const LEAKY_RELU_GRADIENT = 'LeakyReluGrad';
export const RELU_GRADIENT = 'ReluGrad';

function has(kernelName: string): boolean {
  return tf.getKernel(kernelName, tf.getBackend()) !== undefined;
}

/** Where `signed` > 0 the gradient as it is, elsewhere `alpha` times it. Otherwise than by the kernel: two operations and a mask. */
function leak(signed: tf.Tensor, alpha: number): LinearMap {
  if (has(LEAKY_RELU_GRADIENT)) return byKernel(LEAKY_RELU_GRADIENT, signed, { alpha });
  const apply: LinearMap['apply'] = (dy, [positive]) => tf.where(positive as tf.Tensor, dy, tf.mul(dy, alpha));
  return { constants: () => [tf.greater(signed, 0)], apply, adjoint: apply };
}

function byKernel(name: string, features: tf.Tensor, attributes: tf.NamedAttrMap): LinearMap {
  const apply: LinearMap['apply'] = (dy, [kept]) => tf.engine().runKernel(name, { dy, features: kept as tf.Tensor }, attributes) as tf.Tensor;
  return { constants: () => [features], apply, adjoint: apply };
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
    outputsToSave: [true],
    gradFunc: (dy, [y]) => ({
      x: () => linear(dy, has(RELU_GRADIENT) ? byKernel(RELU_GRADIENT, y as tf.Tensor, {}) : scaling(() => tf.cast(tf.greater(y as tf.Tensor, 0), 'float32'))),
    }),
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
