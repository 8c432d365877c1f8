import * as tf from '@tensorflow/tfjs';

/** Reads a tensor and disposes it. WebGPU has no `dataSync` in Node, and `data` cannot be awaited in a `tf.tidy`. */
export async function valuesOf(tensor: tf.Tensor): Promise<number[]> {
  const values = await tensor.data();
  tensor.dispose();
  return Array.from(values);
}

/** The number that `work` computes, which runs in a `tf.tidy`. */
export async function valueOf(work: () => tf.Scalar): Promise<number> {
  const [value] = await valuesOf(tf.tidy(work));
  return value as number;
}
