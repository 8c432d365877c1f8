import type * as tf from '@tensorflow/tfjs';

/** Row-major matrix of features: `rows` samples of `columns` dimensions. */
export interface Matrix {
  readonly data: Float32Array | Float64Array;
  readonly rows: number;
  readonly columns: number;
}

/** Turns images into the features on which distances are measured. Its weights are pinned by hash. */
export interface FeatureExtractor {
  /** Part of every score's name: `mnist-lenet64`. */
  readonly name: string;
  /** Number of features. */
  readonly dimensions: number;
  /** Channel counts it takes; sizes it takes. */
  accepts(shape: readonly number[]): boolean;
  readonly weightsSha256: string;
  /** Accuracy of its classifier on the official test split, 0 .. 1; null when it has none. */
  readonly testAccuracy: number | null;
  /** [n, h, w, c] in [-1, 1] -> [n, dimensions]. */
  features(images: tf.Tensor4D): tf.Tensor2D;
  /** [n, h, w, c] in [-1, 1] -> logits [n, classes]. */
  classify?(images: tf.Tensor4D): tf.Tensor2D;
  dispose(): void;
}

/** A number that says with what protocol it was measured. */
export interface Score {
  /** Metric and extractor: `fid-mnist-lenet64`, `kid-mnist-lenet64`. */
  readonly name: string;
  readonly value: number;
  /** Which way is better. Default `lower`. */
  readonly better?: 'lower' | 'higher';
  /** Spread over the metric's own subsets (KID), when it has one. */
  readonly sd?: number;
  readonly samples: { readonly real: number; readonly generated: number };
  readonly split: string;
  /** The same score between real samples of the same sizes: what a perfect generator would get. */
  readonly floor?: number;
}
