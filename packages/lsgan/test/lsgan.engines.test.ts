import { configFor, type Dataset, Random, Trainer } from '@ganzoo/core';
import { leastSquares, lsgan } from '@ganzoo/lsgan';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

const points = { name: 'points', kind: 'vectors', shape: [2] } as const;

describe('the least squares loss', () => {
  it('is half of the mean squared distance to the target', async () => {
    // scores .5, 2, -1: to 1: (.25 + 1 + 4) / 6; to 0: (.25 + 4 + 1) / 6; to -1: (2.25 + 9 + 0) / 6
    const scores = tf.tensor2d([[0.5], [2], [-1]]);
    const values = await Promise.all([1, 0, -1].map(async (target) => (await leastSquares(scores, target).data())[0] as number));
    [5.25 / 6, 5.25 / 6, 11.25 / 6].forEach((expected, i) => expect(values[i]).toBeCloseTo(expected, 5));
  });

  it('pulls every score to the target by its distance: gradient (D - target) / n', async () => {
    const gradient = await tf.grad((scores) => leastSquares(scores, 1))(tf.tensor2d([[0.5], [2], [-1]])).data();
    [-0.5 / 3, 1 / 3, -2 / 3].forEach((expected, i) => expect(gradient[i]).toBeCloseTo(expected, 5));
  });
});

describe('a first step', () => {
  /** Every sample is (1, -2), so that the batch is known. */
  const dataset: Dataset = {
    spec: points,
    source: () => ({ spec: points, length: 50, read: async (indices) => ({ values: Float32Array.from({ length: 2 * indices.length }, (_, i) => (i % 2 === 0 ? 1 : -2)) }) }),
  };

  it.each([[0, 1, 1], [-1, 1, 0]])('with targets %d, %d, %d has the losses of eq. 2 by hand, both players on the same z', async (fakeTarget, realTarget, generatorTarget) => {
    const trainer = new Trainer({ variant: lsgan, dataset, config: { hidden: [16, 16], batchSize: 6, fakeTarget, realTarget, generatorTarget }, seed: 2 });
    const { generator, discriminator } = trainer.model.networks as Record<'generator' | 'discriminator', tf.LayersModel>;
    const latents = Random.of(2, 'move', 0, 'discriminator', 0).uniform([6, 2], -1, 1);
    const fake = (generator.predict(latents) as tf.Tensor).clone();
    const scoresOf = async (x: tf.Tensor): Promise<number[]> => Array.from(await (discriminator.predict(x) as tf.Tensor).data());
    const half = (scores: number[], target: number): number => scores.reduce((sum, score) => sum + (score - target) ** 2, 0) / (2 * scores.length);
    const expected = half(await scoresOf(tf.tensor2d([[1, -2]])), realTarget) + half(await scoresOf(fake), fakeTarget);
    let afterDiscriminator = Number.NaN;
    let losses: Readonly<Record<string, number>> = {};
    await trainer.train({
      steps: 1,
      callbacks: [
        {
          async onMove({ player }) {
            if (player.name === 'discriminator') afterDiscriminator = half(await scoresOf(fake), generatorTarget);
          },
          onStep(event) {
            losses = event.losses;
          },
        },
      ],
    });
    expect(losses['discriminator.total']).toBeCloseTo(expected, 5);
    expect(losses['generator.total']).toBeCloseTo(afterDiscriminator, 5);
    trainer.dispose();
  });
});

describe('the defaults', () => {
  it("are the paper's targets of eq. 9, and the settings of the authors' code", () => {
    const images = { name: 'glyphs', kind: 'images', shape: [28, 28, 1] } as const;
    expect(configFor(lsgan, images)).toMatchObject({ fakeTarget: 0, realTarget: 1, generatorTarget: 1, learningRate: 2e-4, beta1: 0.5, batchSize: 64, latentDim: 1024 });
    expect(configFor(lsgan, points)).toMatchObject({ hidden: [128, 128], latentDim: 2 });
  });
});
