import { Random } from '@ganzoo/core';
import { progan } from '@ganzoo/progan';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

const BATCH = 3;
const model = progan.build(
  progan.config.parse({ featureBase: 8, featureMax: 4, latentDim: 2, batchSize: BATCH, lambda: 7, drift: 0.3 }),
  { name: 'tiny', kind: 'images', shape: [8, 8, 1] },
  Random.of(0),
);
const [discriminator, generator] = model.players;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The first output of a network: 4x4 pixels. */
function run(name: 'generator' | 'discriminator', inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
  const network = model.networks[name] as tf.LayersModel;
  const [first] = network.predict(inputs) as tf.Tensor[];
  return first as tf.Tensor;
}

function scores(images: tf.Tensor): number[] {
  return tf.tidy(() => Array.from(run('discriminator', [images, tf.zeros([BATCH, 8, 8, 1])]).dataSync()));
}

/** Length of the gradient of the sum of all scores with respect to each image, by central differences. */
function gradientLengths(images: Float32Array, step = 2e-3): number[] {
  const size = images.length / BATCH;
  const total = (values: Float32Array): number => scores(tf.tensor(values, [BATCH, 4, 4, 1])).reduce((sum, score) => sum + score, 0);
  const slopes = Array.from(images, (_, i) => (total(images.map((x, j) => (i === j ? x + step : x))) - total(images.map((x, j) => (i === j ? x - step : x)))) / (2 * step));
  return Array.from({ length: BATCH }, (_, n) => Math.hypot(...slopes.slice(n * size, (n + 1) * size)));
}

describe('the losses at 4x4', () => {
  it('are those of WGAN-GP with drift', () => {
    tf.tidy(() => {
      const real = tf.tensor(Random.of('real').normals(BATCH * 16), [BATCH, 4, 4, 1]);
      const move = { ...model, batch: { size: BATCH, real }, plan: { phase: '4x4', resolution: 4 } } as unknown as Parameters<NonNullable<typeof discriminator>['loss']>[0];

      const draws = Random.of(5); // in the order of the move: latents, then one number per pair of images
      const fake = run('generator', draws.normal([BATCH, 2]));
      const between = tf.add(real, tf.mul(draws.uniform([BATCH, 1, 1, 1]), tf.sub(fake, real)));
      const [realScores, fakeScores] = [scores(real), scores(fake)];
      const penalty = mean(gradientLengths(between.dataSync() as Float32Array).map((length) => (length - 1) ** 2));
      const distance = mean(realScores) - mean(fakeScores);

      const loss = discriminator?.loss({ ...move, random: Random.of(5) });
      expect(loss?.log?.distance?.dataSync()[0]).toBeCloseTo(distance, 4);
      expect((loss?.log?.penalty?.dataSync()[0] as number) / penalty).toBeCloseTo(1, 2);
      const expected = -distance + 7 * penalty + 0.3 * mean(realScores.map((score) => score ** 2));
      expect((loss?.total.dataSync()[0] as number) / expected).toBeCloseTo(1, 2);
      expect(generator?.loss({ ...move, random: Random.of(5) }).total.dataSync()[0]).toBeCloseTo(-mean(fakeScores), 4);
    });
  });
});
