import type { Source } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';

/** Share of samples 0 .. count - 1 of a source that `classify` puts into their class, 0 .. 1. */
export async function accuracy(classify: (images: tf.Tensor4D) => tf.Tensor2D, source: Source, count = source.length): Promise<number> {
  const batch = 500;
  let right = 0;
  for (let start = 0; start < count; start += batch) {
    const size = Math.min(batch, count - start);
    const { values, labels } = await source.read(Array.from({ length: size }, (_, i) => start + i));
    const classes = tf.tidy(() => tf.argMax(classify(tf.tensor(values, [size, ...source.spec.shape] as [number, number, number, number])), 1));
    const found = await classes.data();
    classes.dispose();
    for (let i = 0; i < size; i++) if (found[i] === labels?.[i]) right++;
  }
  return right / count;
}
