import { Random } from '@ganzoo/core';
import { slopesOf, syntheticDataset } from '@ganzoo/core/testing';
import { progan } from '@ganzoo/progan';
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { growingImage, growingScores } from '../src/growing.js';
import { valuesOf } from './values.js';

const data = { name: 'blobs', kind: 'images', shape: [16, 16, 1] } as const;
/** Phases of four steps: 4x4, a fade to 8x8 (steps 4 to 7), 8x8, a fade to 16x16, 16x16. */
const config = progan.config.parse({ featureBase: 64, featureMax: 8, latentDim: 4, batchSize: 4, imagesPerPhase: 16 });
const model = progan.build(config, data, Random.of(0));
const { generator, discriminator } = model.networks as Record<'generator' | 'discriminator', tf.LayersModel>;

/** Expects equal values and disposes. */
async function expectEqual(work: () => [tf.Tensor, tf.Tensor]): Promise<void> {
  const [one, other] = tf.tidy(work);
  expect(one.shape).toEqual(other.shape);
  const [values, expected] = [await valuesOf(one), await valuesOf(other)];
  values.forEach((value, i) => expect(Math.abs(value - (expected[i] as number))).toBeLessThan(1e-5));
}

describe('a fade', () => {
  afterAll(() => {
    generator.dispose();
    discriminator.dispose();
  });

  it('begins with the images of the resolution before, each pixel four times', async () => {
    await expectEqual(() => {
      const z = Random.of(1).normal([3, 4]);
      const before = growingImage(generator, z, { resolution: 8 }) as tf.Tensor4D;
      // Blocks of 2x2 pixels, the long way round.
      const rows = tf.stack([before, before], 2).reshape([3, 16, 8, 1]);
      return [growingImage(generator, z, { resolution: 16, alpha: tf.scalar(0) }), tf.stack([rows, rows], 3).reshape([3, 16, 16, 1])];
    });
  });

  it('begins with the scores of the resolution before, of images averaged down', async () => {
    await expectEqual(() => {
      const images = Random.of(2).normal([4, 16, 16, 1]);
      const halved = tf.mean(images.reshape([4, 8, 2, 8, 2]), [2, 4]).reshape([4, 8, 8, 1]);
      return [growingScores(discriminator, images, { resolution: 16, alpha: tf.scalar(0) }), growingScores(discriminator, halved, { resolution: 8 })];
    });
  });

  it('ends with the new layers alone, which are what the saved networks run', async () => {
    await expectEqual(() => {
      const z = Random.of(1).normal([3, 4]);
      return [growingImage(generator, z, { resolution: 16, alpha: tf.scalar(1) }), (generator.predict(z) as tf.Tensor[])[2] as tf.Tensor];
    });
    await expectEqual(() => {
      const images = Random.of(2).normal([4, 16, 16, 1]);
      const all = [tf.zeros([4, 4, 4, 1]), tf.zeros([4, 8, 8, 1]), images];
      return [growingScores(discriminator, images, { resolution: 16, alpha: tf.scalar(1) }), (discriminator.predict(all) as tf.Tensor[])[2] as tf.Tensor];
    });
  });

  it('has losses whose gradients are right, the penalty included', async () => {
    const smaller = { ...data, shape: [8, 8, 1] };
    const model = progan.build(config, smaller, Random.of(0));
    const slopes = await slopesOf({ ...model, plan: (step) => model.plan?.(step + 5) ?? {} }, syntheticDataset(smaller));
    for (const { gradient, difference } of Object.values(slopes)) expect(Math.abs(difference / gradient - 1)).toBeLessThan(0.02);
    expect(Object.keys(slopes)).toEqual(['discriminator', 'generator']);
    for (const network of Object.values(model.networks)) network.dispose();
  });
});
