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
 * Images of 28, 32 or 64 px with 1 or 3 channels, [n, h, w, c] in [-1, 1] -> [n, 32, 32, 1]: the mean of the channels;
 * 28 px get a margin of 2 px of background (-1), 64 px are averaged over 2 x 2.
 * @param name of the extractor, for the error.
 * @throws {MetricError} for other shapes.
 */
export function prepareImages(images: tf.Tensor4D, name: string): tf.Tensor4D {
  const [, height, width, channels] = images.shape;
  if (images.rank !== 4 || !isPreparable([height, width, channels])) {
    throw new MetricError(`'${name}' takes images of 28, 32 or 64 px with 1 or 3 channels, not ${images.shape.slice(1).join('x')}.`, {
      remedy: 'Choose one of these sizes, or another extractor.',
    });
  }
  return tf.tidy(() => {
    const grey = channels === 1 ? images : tf.mean<tf.Tensor4D>(images, 3, true);
    if (height === 28) return tf.pad(grey, [[0, 0], [2, 2], [2, 2], [0, 0]], -1);
    if (height === 64) return tf.avgPool(grey, 2, 2, 'valid');
    return tf.clone(grey);
  });
}
