import { type Networks, Random, type StoredTensor, Trainer, valuesOf } from '@ganzoo/core';
import { syntheticDataset } from '@ganzoo/core/testing';
import { sngan, snganDiscriminator, snganGenerator } from '@ganzoo/sngan';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

const images = (size: number, channels = 1) => ({ name: 'images', kind: 'images', shape: [size, size, channels] }) as const;

function kernels(network: tf.LayersModel): Record<string, string> {
  return Object.fromEntries(network.weights.filter(({ originalName }) => /kernel/.test(originalName)).map(({ originalName, shape }) => [originalName, shape.join('x')]));
}

describe("the paper's standard CNN (table 3)", () => {
  const config = { filters: 64, latentDim: 128 };

  it('generates 32 pixels from 4x4x512', () => {
    expect(kernels(snganGenerator(config, images(32, 3), Random.of(0)))).toEqual({
      'project/kernel': '128x8192',
      'deconv1/kernel': '4x4x256x512',
      'deconv2/kernel': '4x4x128x256',
      'deconv3/kernel': '4x4x64x128',
      'image/kernel': '3x3x64x3',
    });
  });

  it('discriminates with 64, 64, 128, 128, 256, 256 and 512 filters', () => {
    expect(kernels(snganDiscriminator(config, images(32, 3), Random.of(0)))).toEqual({
      'conv1/kernel': '3x3x3x64',
      'conv2/kernel': '4x4x64x64',
      'conv3/kernel': '3x3x64x128',
      'conv4/kernel': '4x4x128x128',
      'conv5/kernel': '3x3x128x256',
      'conv6/kernel': '4x4x256x256',
      'conv7/kernel': '3x3x256x512',
      'score/kernel': '8192x1',
    });
  });

  it('has spectral norm in every layer that has a kernel, of either net and on vectors', () => {
    const networks = [
      sngan.build(sngan.config.parse({ filters: 2 }), images(28), Random.of(0)),
      sngan.build(sngan.config.parse({ net: 'shared' }), images(28), Random.of(0)),
      sngan.build(sngan.config.parse({}), { name: 'points', kind: 'vectors', shape: [2] }, Random.of(0)),
    ].map((model) => model.networks.discriminator as tf.LayersModel);
    for (const { layers } of networks) {
      const kernels = layers.filter(({ weights }) => weights.length > 0).map((layer) => layer.getClassName());
      expect(kernels.length).toBeGreaterThan(2);
      expect(new Set([...kernels, 'SpectralConv2D', 'SpectralDense'])).toEqual(new Set(['SpectralConv2D', 'SpectralDense']));
    }
  });
});

const make = (): Trainer<typeof sngan.config> =>
  new Trainer({ variant: sngan, dataset: syntheticDataset(images(28)), config: { filters: 2, latentDim: 4, batchSize: 4, nDis: 3 } });

describe('the losses', () => {
  it('are the hinge loss and the negative score', () => {
    const trainer = make();
    const { model } = trainer;
    const [discriminator, generator] = model.players;
    // A D that is far from its margins: scores of both signs and beyond 1.
    const last = model.networks.discriminator?.getLayer('score').weights;
    last?.find(({ originalName }) => originalName === 'score/bias')?.write(tf.tensor1d([0.7]));
    const real = tf.tensor(Random.of('real').normals(4 * 784, 0, 30), [4, 28, 28, 1]);
    tf.tidy(() => {
      const move = { ...model, batch: { size: 4, real } } as unknown as Parameters<NonNullable<typeof discriminator>['loss']>[0];
      const { discriminator: d, generator: g } = model.networks as Networks<'discriminator' | 'generator'>;
      const scores = (x: tf.Tensor): number[] => Array.from((d.predict(x) as tf.Tensor).dataSync());
      const fakes = (): tf.Tensor => g.apply(Random.of(5).normal([4, 4]), { training: true }) as tf.Tensor;
      const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
      const hinge = mean(scores(real).map((score) => Math.max(0, 1 - score))) + mean(scores(fakes()).map((score) => Math.max(0, 1 + score)));
      expect(discriminator?.loss({ ...move, random: Random.of(5) }).total.dataSync()[0]).toBeCloseTo(hinge, 4);
      expect(generator?.loss({ ...move, random: Random.of(5) }).total.dataSync()[0]).toBeCloseTo(-mean(scores(fakes())), 4);
    });
    real.dispose();
    trainer.dispose();
  });
});

/** One power iteration in float64 on the kernel [rows, cols] as it was before the move. */
function iterated(kernel: ArrayLike<number>, u: ArrayLike<number>): number[] {
  const cols = u.length;
  const rows = kernel.length / cols;
  const unit = (vector: number[]): number[] => vector.map((value) => value / Math.hypot(...vector));
  const at = (i: number, j: number): number => kernel[i * cols + j] as number;
  const v = unit(Array.from({ length: rows }, (_, i) => Array.from(u).reduce((sum, value, j) => sum + at(i, j) * value, 0)));
  return unit(Array.from({ length: cols }, (_, j) => v.reduce((sum, value, i) => sum + value * at(i, j), 0)));
}

describe('the singular vectors', () => {
  it('move by one power iteration before every move, of either player: the discriminator runs in both', async () => {
    const trainer = make();
    const read = async (name: string): Promise<ArrayLike<number>> => valuesOf((await trainer.snapshot()).tensors[`networks/discriminator/conv4/${name}`] as StoredTensor);
    let [kernel, u] = [await read('kernel'), await read('u')];
    const moved: string[] = [];
    await trainer.train({
      steps: 2,
      callbacks: [
        {
          onMove: async ({ player }) => {
            const after = await read('u');
            const expected = iterated(kernel, u);
            expected.forEach((value, i) => expect(after[i]).toBeCloseTo(value, 5));
            expect(Math.max(...expected.map((value, i) => Math.abs(value - (u[i] as number))))).toBeGreaterThan(1e-4);
            moved.push(player.name);
            [kernel, u] = [await read('kernel'), after];
          },
        },
      ],
    });
    const step = ['discriminator', 'discriminator', 'discriminator', 'generator'];
    expect(moved).toEqual([...step, ...step]);
    trainer.dispose();
  });
});

describe('the defaults', () => {
  it("are the paper's", () => {
    expect(sngan.config.parse({})).toMatchObject({ learningRate: 2e-4, beta1: 0.5, beta2: 0.999, batchSize: 64, latentDim: 128, nDis: 1, powerIterations: 1 });
  });
});
