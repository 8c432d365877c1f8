import { type Callback, ConfigError, DataError, defineVariant, every, infer, type Model, NonFiniteError, resolveConfig, train, Trainer } from '@ganzoo/core';
import { syntheticDataset } from '@ganzoo/core/testing';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { config as sketchConfig, paper } from './sketches/common.js';
import { wganSketch } from './sketches/wgan.js';

const dataset = syntheticDataset({ name: 'points', kind: 'vectors', shape: [2] });

/** A single weight w = 0 that steps by exactly 1 a step (SGD on -w), and a loss of NaN from step `brokenFrom` on. */
const counter = defineVariant({
  name: 'counter',
  paper,
  task: 'generation',
  requires: {},
  config: z.object({ brokenFrom: z.number().default(1e9) }),
  build({ brokenFrom }): Model<'generator'> {
    const generator = tf.sequential({ layers: [tf.layers.dense({ name: 'w', units: 1, useBias: false, inputShape: [1], kernelInitializer: 'zeros' })] });
    return {
      networks: { generator },
      averaged: ['generator'],
      batchSize: 4,
      plan: (step) => ({ scalars: { poison: step >= brokenFrom ? Number.NaN : 0 } }),
      players: [
        {
          name: 'generator',
          trains: ['generator'],
          needs: ['real'],
          optimizer: { kind: 'sgd', learningRate: 1 },
          loss: ({ networks, scalars }) => ({
            total: tf.add(tf.neg(tf.sum(train(networks.generator, tf.ones([1, 1])))), scalars.get('poison')),
          }),
        },
      ],
      sampleLatents: (n) => ({ z: tf.ones([n, 1]) }),
      generate: ({ generator }, { z }) => tf.concat([infer(generator, z as tf.Tensor), z as tf.Tensor], 1),
    };
  },
});

describe('the weight average', () => {
  it('follows a = decay a + (1 - decay) w: at decay .5, weights of 1, 2, 3 from 0 on average to .5, 1.25, 2.125', async () => {
    const trainer = new Trainer({ variant: counter, dataset, emaDecay: 0.5 });
    const seen: number[][] = [];
    const look: Callback = {
      async onStep() {
        const averaged = await trainer.sample(1);
        const live = await trainer.sample(1, { averaged: false });
        seen.push([live.values[0] as number, averaged.values[0] as number]);
      },
    };
    await trainer.train({ steps: 3, callbacks: [look] });
    expect(seen).toEqual([
      [1, 0.5],
      [2, 1.25],
      [3, 2.125],
    ]);
    trainer.dispose();
  });
});

describe('a loss that is not finite', () => {
  it('stops the run in its step, names the loss, and the state before it can still be saved', async () => {
    const trainer = new Trainer({ variant: counter, dataset, config: { brokenFrom: 2 } });
    const steps: number[] = [];
    const failure = await trainer.train({ steps: 9, callbacks: [{ onStep: ({ step }) => void steps.push(step) }] }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(NonFiniteError);
    expect((failure as NonFiniteError).message).toBe('generator.total became NaN in step 3.');
    expect(steps).toEqual([1, 2]);
    trainer.dispose();
  });
});

describe('the trainer', () => {
  it("moves each player as often as the plan says and counts only the images that were asked for", async () => {
    const trainer = new Trainer({ variant: wganSketch, dataset });
    const moves: string[] = [];
    await trainer.train({ steps: 2, callbacks: [{ onMove: ({ player }) => void moves.push(player.name) }] });
    expect(moves).toEqual(['critic', 'critic', 'critic', 'critic', 'generator', 'critic', 'critic', 'generator']);
    expect(trainer.imagesShown).toBe(6 * 4); // six critic moves of a batch of four; the generator needs none
    trainer.dispose();
  });

  it('treats steps as the total of the run, and stops when it is told to', async () => {
    const trainer = new Trainer({ variant: wganSketch, dataset });
    await trainer.train({ steps: 2 });
    await trainer.train({ steps: 2 });
    expect(trainer.step).toBe(2);
    const stop = new AbortController();
    await trainer.train({ steps: 100, signal: stop.signal, callbacks: [every(3, () => stop.abort())] });
    expect(trainer.step).toBe(3);
    trainer.dispose();
  });

  it('refuses a decay of 1, a seed that is no whole number, and more images a batch than there are', async () => {
    expect(() => new Trainer({ variant: wganSketch, dataset, emaDecay: 1 })).toThrow(ConfigError);
    expect(() => new Trainer({ variant: wganSketch, dataset, seed: 0.5 })).toThrow(ConfigError);
    const trainer = new Trainer({ variant: wganSketch, dataset, config: { batchSize: 1000 } });
    await expect(trainer.train({ steps: 1 })).rejects.toThrow(DataError);
    trainer.dispose();
  });
});

describe('a config', () => {
  it('suggests the nearest field for an unknown one', () => {
    const failure = (() => {
      try {
        return resolveConfig('sketch', sketchConfig, { lerningRate: 1 });
      } catch (error) {
        return error as ConfigError;
      }
    })() as ConfigError;
    expect(failure.message).toBe("sketch has no config field 'lerningRate'.");
    expect(failure.remedy).toContain("Did you mean 'learningRate'?");
    expect(failure.exitCode).toBe(2);
  });
});
