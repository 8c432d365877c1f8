import { Random } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { arrayImages, noiseRung, noisyImages } from '../src/index.js';

const images = Random.of('images').uniforms(4 * 32 * 32, -1, 1);

describe('a rung of the noise ladder', () => {
  it('leaves the images as they are at 0 and is standard normal noise alone at 1', () => {
    expect(noiseRung(images, 0, Random.of(1))).toEqual(images);
    const noise = noiseRung(images, 1, Random.of(1));
    expect(noise).toEqual(Random.of(1).normals(images.length));
    expect(Math.max(...noise)).toBeGreaterThan(2); // not clipped to [-1, 1]
  });

  it('has the variance (1 - a)^2 var(x) + a^2', () => {
    const variance = (values: Float32Array): number => values.reduce((sum, v) => sum + v * v, 0) / values.length;
    const expected = 0.75 ** 2 / 3 + 0.25 ** 2; // a uniform value in [-1, 1] has variance 1/3
    expect(Math.abs(variance(noiseRung(images, 0.25, Random.of(2))) - expected)).toBeLessThan(0.01);
  });

  it('does not depend on the size of the batches', async () => {
    const noisy = noisyImages(arrayImages(images, [32, 32, 1]), [0.5], Random.of(3));
    const [whole] = (await noisy(0, 4)) as [tf.Tensor];
    const [last] = (await noisy(3, 1)) as [tf.Tensor];
    const values = await whole.data();
    expect(values.slice(3 * 1024)).toEqual(await last.data());
    tf.dispose([whole, last]);
    expect(tf.memory().numTensors).toBe(0);
  });

  it('mixes the same noise into every version of an image', async () => {
    const [none, some, all] = (await noisyImages(arrayImages(images, [32, 32, 1]), [0, 0.25, 1], Random.of(3))(0, 4)) as [tf.Tensor, tf.Tensor, tf.Tensor];
    expect(await none.data()).toEqual(images);
    const noise = await all.data<'float32'>();
    expect(await some.data()).toEqual(images.map((value, i) => 0.75 * value + 0.25 * (noise[i] as number)));
    tf.dispose([none, some, all]);
    expect(tf.memory().numTensors).toBe(0);
  });
});
