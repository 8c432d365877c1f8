import { EngineError, type EngineName } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';

/**
 * A 3x3 convolution of 1x4x4x1 with two filters, padding 'same', and the gradients of sum(y * weight). All values are
 * small integers, so that every engine must give exactly these (derived with NumPy).
 */
const X = [1, -2, 3, 0, 2, 1, -1, 4, 0, 3, 2, -2, 1, 0, -3, 2];
const W = [1, 0, 2, -1, 0, 1, -1, 2, 3, 1, 0, -2, 2, 1, 1, 0, -1, 3];
const OUTPUT_WEIGHT = Array.from({ length: 32 }, (_, i) => (i % 5) - 2);
const EXPECTED = {
  y: [4, 8, -1, -7, 8, 12, -1, 5, 5, 6, -1, 18, 10, -13, 18, 4, 5, -7, 18, -11, -3, 23, -5, -5, 3, 4, 5, 7, -2, -11, 7, -2],
  dx: [-7, -4, 3, 8, 3, -10, -1, -9, 1, 6, -10, 7, 8, 1, 9, -12],
  dw: [3, -3, 9, 20, -16, -23, -14, 8, 6, -23, 15, 22, 8, -2, -15, 9, -2, -16],
};

/**
 * Computes a convolution and both its gradients on the current back end and compares every number.
 * @throws {EngineError} when a kernel is missing or a number is wrong.
 */
export async function probe(name: EngineName): Promise<void> {
  let computed: Record<keyof typeof EXPECTED, tf.Tensor>;
  try {
    computed = tf.tidy(() => {
      const convolve = (x: tf.Tensor, w: tf.Tensor): tf.Tensor => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same');
      const x = tf.tensor4d(X, [1, 4, 4, 1]);
      const w = tf.tensor4d(W, [3, 3, 1, 2]);
      const weight = tf.tensor4d(OUTPUT_WEIGHT, [1, 4, 4, 2]);
      const [dx, dw] = tf.grads((a, b) => convolve(a, b).mul(weight).sum())([x, w]) as [tf.Tensor, tf.Tensor];
      return { y: convolve(x, w), dx, dw };
    });
  } catch (error) {
    throw new EngineError(`The engine '${name}' loads but cannot compute a convolution and its gradients: ${(error as Error).message.split('\n')[0]}`, {
      remedy: REMEDY,
      cause: error,
    });
  }
  try {
    for (const [part, expected] of Object.entries(EXPECTED)) {
      const values = await computed[part as keyof typeof EXPECTED].data(); // not dataSync: WebGPU has none in Node
      const wrong = expected.findIndex((value, i) => !(Math.abs(value - (values[i] ?? NaN)) < 1e-3));
      if (wrong >= 0) {
        throw new EngineError(`The engine '${name}' computes wrong numbers: ${part}[${wrong}] of a small convolution is ${values[wrong]}, not ${expected[wrong]}.`, { remedy: REMEDY });
      }
    }
  } finally {
    tf.dispose(computed);
  }
}

const REMEDY = "Take another engine: 'auto' finds one that works; 'ganzoo doctor' shows them all.";
