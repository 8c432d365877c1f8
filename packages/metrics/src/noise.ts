import type { Random } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import type { ImageBatches } from './extractors/extract.js';

/**
 * A rung of the noise ladder: (1 - amount) x + amount n with n ~ N(0, 1) for every value, *not* clipped to [-1, 1].
 * Real images with a quarter of noise are the yardstick that a trained generator must beat.
 * @param images values in [-1, 1], of any shape.
 * @param amount 0 (the images) .. 1 (noise alone).
 */
export function noiseRung(images: Float32Array, amount: number, random: Random): Float32Array {
  const noise = random.normals(images.length);
  return images.map((value, i) => (1 - amount) * value + amount * (noise[i] as number));
}

/** {@link noiseRung} of image batches. The noise of an image is drawn by its number, whatever the size of the batches. */
export function noisyImages(batches: ImageBatches, amount: number, random: Random): ImageBatches {
  return async (start, count) => {
    const images = await batches(start, count);
    const values = await images.data<'float32'>();
    const { shape } = images;
    images.dispose();
    const size = values.length / count;
    const noisy = new Float32Array(values.length);
    for (let i = 0; i < count; i++) {
      noisy.set(noiseRung(values.subarray(i * size, (i + 1) * size), amount, random.fork(start + i)), i * size);
    }
    return tf.tensor(noisy, shape, 'float32');
  };
}
