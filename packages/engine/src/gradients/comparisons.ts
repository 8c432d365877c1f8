import * as tf from '@tensorflow/tfjs';
import { linear, scaling } from './linear.js';
import { sumTo } from './reductions.js';
import type { Correction } from './registry.js';

/** Comparisons are constant wherever they have a derivative; without one a second-order gradient through a mask throws. */
function flat(kernelName: string, ...inputs: string[]): Correction {
  return {
    kernelName,
    inputsToSave: inputs,
    gradFunc: (_, saved) => Object.fromEntries(inputs.map((name, i) => [name, () => tf.zeros((saved[i] as tf.Tensor).shape)])),
  };
}

type Comparison = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

/** The gradient goes to the operand that was taken (on a tie to `a`, as in TensorFlow), summed over what was broadcast. */
function choice(kernelName: string, takesA: Comparison, takesB: Comparison): Correction {
  return {
    kernelName,
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, saved) => {
      const [a, b] = saved as [tf.Tensor, tf.Tensor];
      const part = (taken: Comparison, shape: number[]) => (): tf.Tensor => sumTo(linear(dy, scaling(() => tf.cast(taken(a, b), 'float32'))), shape);
      return { a: part(takesA, a.shape), b: part(takesB, b.shape) };
    },
  };
}

export const comparisons: readonly Correction[] = [
  ...['Equal', 'NotEqual', 'Greater', 'GreaterEqual', 'Less', 'LessEqual', 'LogicalAnd', 'LogicalOr'].map((name) => flat(name, 'a', 'b')),
  flat('LogicalNot', 'x'),
  choice('Maximum', tf.greaterEqual, tf.less),
  choice('Minimum', tf.lessEqual, tf.greater),
  {
    kernelName: 'ClipByValue',
    inputsToSave: ['x'],
    gradFunc: (dy, [x], { clipValueMin, clipValueMax }) => {
      const inside = (x: tf.Tensor): tf.Tensor => tf.logicalAnd(tf.greaterEqual(x, clipValueMin as number), tf.lessEqual(x, clipValueMax as number));
      return { x: () => linear(dy, scaling(() => tf.cast(inside(x as tf.Tensor), 'float32'))) };
    },
  },
];
