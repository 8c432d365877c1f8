import * as tf from '@tensorflow/tfjs';
import { sampleSize } from './data.js';

/** Samples are put through a network this many at a time: what stays in the processor's cache is a third faster than 250. */
const BATCH = 50;

/**
 * Puts samples through a function of tensors, batch by batch, so that memory stays bounded.
 * @param values [n, ...shape]
 * @param work [m, ...shape] -> [m, ...]; it runs under `tf.tidy`
 * @returns what `work` gives, one after the other
 */
export async function mapSamples(values: Float32Array, shape: readonly number[], work: (batch: tf.Tensor) => tf.Tensor): Promise<Float32Array> {
  const size = sampleSize({ shape });
  const parts: Float32Array[] = [];
  for (let start = 0; start < values.length; start += BATCH * size) {
    const part = values.subarray(start, start + BATCH * size);
    const result = tf.tidy(() => work(tf.tensor(part, [part.length / size, ...shape], 'float32')));
    parts.push((await result.data()) as Float32Array);
    result.dispose();
  }
  return concatenated(parts);
}

function concatenated(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
