import { MetricError } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';

const SIDES: ReadonlySet<number | undefined> = new Set([28, 32, 64]);
const CHANNELS: ReadonlySet<number | undefined> = new Set([1, 3]);

/** @param shape [height, width, channels] */
export function isPreparable(shape: readonly number[]): boolean {
  const [height, width, channels] = shape;
  return shape.length === 3 && height === width && SIDES.has(height) && CHANNELS.has(channels);
}

/**
 * Images of 28, 32 or 64 px with 1 or 3 channels, [n, h, w, c] in [-1, 1] -> [n, 32, 32, wanted]: grey is the mean of the
 * channels, colour from grey three times the same; 28 px get a margin of 2 px of background (-1), 64 px are averaged over 2 x 2.
 * @param wanted 1 (grey) or 3
 * @param name of the extractor, for the error.
 * @throws {MetricError} for other shapes.
 */
export function prepareImages(images: tf.Tensor4D, wanted: 1 | 3, name: string): tf.Tensor4D {
  const [, height, width, channels] = images.shape;
  if (images.rank !== 4 || !isPreparable([height, width, channels])) {
    throw new MetricError(`'${name}' takes images of 28, 32 or 64 px with 1 or 3 channels, not ${images.shape.slice(1).join('x')}.`, {
      remedy: 'Choose one of these sizes, or another extractor.',
    });
  }
  return tf.tidy(() => {
    const sized = toThirtyTwo(images);
    if (channels === wanted) return tf.clone(sized);
    return wanted === 1 ? tf.mean<tf.Tensor4D>(sized, 3, true) : tf.tile(sized, [1, 1, 1, 3]);
  });
}

function toThirtyTwo(images: tf.Tensor4D): tf.Tensor4D {
  if (images.shape[1] === 28) return tf.pad(images, [[0, 0], [2, 2], [2, 2], [0, 0]], -1);
  if (images.shape[1] === 64) return tf.avgPool(images, 2, 2, 'valid');
  return images;
}
