import { type Move, type Player, Random } from '@ganzoo/core';
import { progan } from '@ganzoo/progan';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { valuesOf } from './values.js';

const BATCH = 3;
const model = progan.build(
  progan.config.parse({ featureBase: 8, featureMax: 4, latentDim: 2, batchSize: BATCH, lambda: 7, drift: 0.3 }),
  { name: 'tiny', kind: 'images', shape: [8, 8, 1] },
  Random.of(0),
);
const [discriminator, generator] = model.players as [Player, Player];

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The first output of a network: 4x4 pixels. */
function run(name: 'generator' | 'discriminator', inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
  const network = model.networks[name] as tf.LayersModel;
  const [first] = network.predict(inputs) as tf.Tensor[];
  return first as tf.Tensor;
}

function scores(images: ArrayLike<number>): Promise<number[]> {
  return valuesOf(tf.tidy(() => run('discriminator', [tensorOf(images), tf.zeros([BATCH, 8, 8, 1])])));
}

function tensorOf(images: ArrayLike<number>): tf.Tensor {
  return tf.tensor(Float32Array.from(images), [BATCH, 4, 4, 1]);
}

/** Length of the gradient of the sum of all scores with respect to each image, by central differences. */
async function gradientLengths(images: readonly number[], step = 2e-3): Promise<number[]> {
  const size = images.length / BATCH;
  const total = async (i: number, by: number): Promise<number> => (await scores(images.map((x, j) => (i === j ? x + by : x)))).reduce((sum, score) => sum + score, 0);
  const slopes: number[] = [];
  for (let i = 0; i < images.length; i++) slopes.push(((await total(i, step)) - (await total(i, -step))) / (2 * step));
  return Array.from({ length: BATCH }, (_, n) => Math.hypot(...slopes.slice(n * size, (n + 1) * size)));
}

describe('the losses at 4x4', () => {
  it('are those of WGAN-GP with drift', async () => {
    const real = Random.of('real').normals(BATCH * 16);
    const draws = Random.of(5); // in the order of the move: latents, then one number per pair of images
    const images = tf.tidy(() => {
      const fake = run('generator', draws.normal([BATCH, 2]));
      const x = tensorOf(real);
      return [fake, tf.add(x, tf.mul(draws.uniform([BATCH, 1, 1, 1]), tf.sub(fake, x)))];
    });
    const [fake, between] = (await Promise.all(images.map(valuesOf))) as [number[], number[]];
    const [realScores, fakeScores] = [await scores(real), await scores(fake)];
    const penalty = mean((await gradientLengths(between)).map((length) => (length - 1) ** 2));
    const distance = mean(realScores) - mean(fakeScores);

    const losses = tf.tidy(() => {
      const move = { ...model, batch: { size: BATCH, real: tensorOf(real) }, plan: { phase: '4x4', resolution: 4 } } as unknown as Move;
      const { total, log } = discriminator.loss({ ...move, random: Random.of(5) });
      return [log?.distance, log?.penalty, total, generator.loss({ ...move, random: Random.of(5) }).total] as tf.Scalar[];
    });
    const [ofDistance, ofPenalty, ofDiscriminator, ofGenerator] = (await Promise.all(losses.map(valuesOf))).flat() as [number, number, number, number];
    expect(ofDistance).toBeCloseTo(distance, 4);
    expect(ofPenalty / penalty).toBeCloseTo(1, 2);
    const expected = -distance + 7 * penalty + 0.3 * mean(realScores.map((score) => score ** 2));
    expect(ofDiscriminator / expected).toBeCloseTo(1, 2);
    expect(ofGenerator).toBeCloseTo(-mean(fakeScores), 4);
  });
});
