import type * as tf from '@tensorflow/tfjs';

/** Reads a tensor and disposes it. WebGPU has no `dataSync` in Node, and `data` cannot be awaited in a `tf.tidy`. */
export async function valuesOf(tensor: tf.Tensor): Promise<number[]> {
  const values = await tensor.data();
  tensor.dispose();
  return Array.from(values);
}
