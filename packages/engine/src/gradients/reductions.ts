import * as tf from '@tensorflow/tfjs';
import type { Correction } from './registry.js';

/**
 * The gradients of sum and mean, without the detour of TensorFlow.js's own, which upload a tensor of ones from JavaScript
 * to multiply by it; and of tile, whose own adds up one slice per repetition.
 */
export const reductions: readonly Correction[] = [
  {
    kernelName: 'Sum',
    inputsToSave: ['x'],
    gradFunc: (dy, [x], { axis }) => ({ x: () => spread(dy, (x as tf.Tensor).shape, axis as number | number[]) }),
  },
  {
    kernelName: 'Mean',
    inputsToSave: ['x'],
    gradFunc: (dy, [x], { axis }) => ({
      x: () => spread(tf.div(dy, (x as tf.Tensor).size / dy.size), (x as tf.Tensor).shape, axis as number | number[]),
    }),
  },
  {
    kernelName: 'Tile',
    inputsToSave: ['x'],
    gradFunc: (dy, [x], { reps }) => ({ x: () => folded(dy, (x as tf.Tensor).shape, reps as number[]) }),
  },
];

/** Repeats a reduced tensor along the axes over which it was reduced. Neighbouring axes are one, so that the copy is a simple one. */
function spread(dy: tf.Tensor, shape: number[], axis: number | number[]): tf.Tensor {
  const reduced = new Set(tf.util.parseAxisParam(axis, shape));
  const runs: { size: number; reduced: boolean }[] = [];
  shape.forEach((size, i) => {
    const last = runs.at(-1);
    if (last?.reduced === reduced.has(i)) last.size *= size;
    else runs.push({ size, reduced: reduced.has(i) });
  });
  if (!runs.some(({ reduced }) => reduced)) return tf.reshape(dy, shape);
  const small = tf.reshape(dy, runs.map(({ size, reduced }) => (reduced ? 1 : size)));
  return tf.reshape(tf.tile(small, runs.map(({ size, reduced }) => (reduced ? size : 1))), shape);
}

/** Adds up the repetitions. */
function folded(dy: tf.Tensor, shape: number[], reps: number[]): tf.Tensor {
  const unfolded: number[] = [];
  const axes: number[] = [];
  shape.forEach((size, i) => {
    const times = reps[i] as number;
    if (times > 1) axes.push(unfolded.push(times) - 1);
    if (size > 1) unfolded.push(size);
  });
  return tf.reshape(axes.length === 0 ? dy : tf.sum(tf.reshape(dy, unfolded), axes), shape);
}

/** Adds up what broadcasting repeated: from the shape of a result to that of an operand. */
export function sumTo(dy: tf.Tensor, shape: number[]): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, dy.shape);
  return tf.reshape(axes.length === 0 ? dy : tf.sum(dy, axes), shape);
}
