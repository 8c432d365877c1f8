import type { FeatureExtractor, Matrix } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';

/** An extractor whose features are its classifier's logits [n, classes] of images of a shape; undefined where it has none. */
export function asClassifier(extractor: FeatureExtractor, shape: readonly number[]): FeatureExtractor | undefined {
  const { classify } = extractor;
  if (!classify) return undefined;
  const dimensions = tf.tidy(() => classify(tf.zeros([1, ...shape] as [number, number, number, number])).shape[1]);
  return { ...extractor, dimensions, features: classify };
}

/** The class of the largest logit of each row; of equally large ones the first. @param logits [n, classes] */
export function predictedClasses({ data, rows, columns }: Matrix): Uint32Array {
  return Uint32Array.from({ length: rows }, (_, row) => {
    const logits = data.subarray(row * columns, (row + 1) * columns);
    return logits.indexOf(Math.max(...logits));
  });
}
