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
  return mixed(images, random.normals(images.length), amount);
}

/** Gives images `start` .. `start + count - 1` once for each amount of noise. The caller disposes them. */
export type NoisyImages = (start: number, count: number) => Promise<tf.Tensor4D[]>;

/**
 * {@link noiseRung} of image batches, for several amounts of the same noise: it takes longer to draw than to mix. The noise of an image is
 * drawn by its number, whatever the size of the batches.
 */
export function noisyImages(batches: ImageBatches, amounts: readonly number[], random: Random): NoisyImages {
  return async (start, count) => {
    const images = await batches(start, count);
    const values = await images.data<'float32'>();
    const { shape } = images;
    images.dispose();
    const size = values.length / count;
    const noise = new Float32Array(values.length);
    for (let i = 0; i < count; i++) noise.set(random.fork(start + i).normals(size), i * size);
    return amounts.map((amount) => tf.tensor(mixed(values, noise, amount), shape, 'float32'));
  };
}

/** A loop: `map` takes twice as long. */
function mixed(images: Float32Array, noise: Float32Array, amount: number): Float32Array {
  const out = new Float32Array(images.length);
  for (let i = 0; i < out.length; i++) out[i] = (1 - amount) * (images[i] as number) + amount * (noise[i] as number);
  return out;
}
