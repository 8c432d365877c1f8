import { MetricError, sampleSize, type FeatureExtractor, type Matrix, type Source } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';

/** Gives images `start` .. `start + count - 1` as a new tensor [count, h, w, c] in [-1, 1]. The caller disposes it. */
export type ImageBatches = (start: number, count: number) => tf.Tensor4D | Promise<tf.Tensor4D>;

/** Images that pass an extractor at a time. */
const BATCH = 500;

/**
 * The features of images, batch by batch; each batch is disposed before the next is asked for.
 * @param total number of images.
 * @param batchSize changes memory and speed, not the features.
 * @returns [total, extractor.dimensions]
 * @throws {MetricError} when the batch size is not a positive integer, a batch has not as many images as it should, or the extractor does not take their shape.
 */
export async function extractFeatures(
  extractor: FeatureExtractor,
  batches: ImageBatches,
  total: number,
  { batchSize = BATCH }: { readonly batchSize?: number } = {},
): Promise<Matrix> {
  if (!(Number.isInteger(batchSize) && batchSize > 0)) {
    throw new MetricError(`${batchSize} is not a batch size.`, { remedy: 'Give a whole number of at least 1.' });
  }
  const columns = extractor.dimensions;
  const data = new Float32Array(total * columns);
  for (let start = 0; start < total; start += batchSize) {
    const count = Math.min(batchSize, total - start);
    data.set(await batchFeatures(extractor, await batches(start, count), count), start * columns);
  }
  return { data, rows: total, columns };
}

/** {@link extractFeatures} of several versions of the same images, which come together; they are disposed. */
export async function extractEach(extractor: FeatureExtractor, versions: (start: number, count: number) => Promise<tf.Tensor4D[]>, total: number): Promise<Matrix[]> {
  const parts: Matrix[][] = [];
  for (let start = 0; start < total; start += BATCH) {
    const count = Math.min(BATCH, total - start);
    const images = await versions(start, count);
    try {
      for (const [i, one] of images.entries()) (parts[i] ??= []).push(await extractFeatures(extractor, () => one, count));
    } finally {
      tf.dispose(images);
    }
  }
  return parts.map((of) => {
    const data = new Float32Array(total * extractor.dimensions);
    of.forEach((part, i) => data.set(part.data, i * BATCH * extractor.dimensions));
    return { data, rows: total, columns: extractor.dimensions };
  });
}

async function batchFeatures(extractor: FeatureExtractor, images: tf.Tensor4D, count: number): Promise<Float32Array> {
  let features: tf.Tensor2D | undefined;
  try {
    if (images.shape[0] !== count) {
      throw new MetricError(`A batch of ${count} images was asked for and ${images.shape[0]} came.`, {
        remedy: 'Give exactly as many images as are asked for.',
      });
    }
    features = extractor.features(images);
    return await features.data<'float32'>();
  } finally {
    tf.dispose([images, ...(features ? [features] : [])]);
  }
}

/** The images of a source at `indices`, as batches. */
export function sourceImages(source: Source, indices: ArrayLike<number>): ImageBatches {
  const drawn = Array.from(indices);
  return async (start, count) => {
    const { values } = await source.read(drawn.slice(start, start + count));
    return tf.tensor(values, [count, ...source.spec.shape] as [number, number, number, number], 'float32');
  };
}

/** Images that lie in one array, as batches. @param shape [height, width, channels] */
export function arrayImages(values: Float32Array, shape: readonly number[]): ImageBatches {
  const size = sampleSize({ shape });
  return (start, count) =>
    tf.tensor(values.subarray(start * size, (start + count) * size), [count, ...shape] as [number, number, number, number], 'float32');
}
