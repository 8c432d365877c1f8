import { type Dataset, defineVariant, type Random, Trainer } from '@ganzoo/core';
import { loadDataset } from '@ganzoo/datasets';
import { gan } from '@ganzoo/gan';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { VectorJudge } from '../src/judges/vectors.js';

const PLAN = { extractor: null, second: null, every: 1, validationSamples: 200, testSamples: 400, kernelSubsets: 0 };

/** Generates points as told, and learns nothing. */
function generating(dataset: Dataset, points: (n: number, random: Random) => tf.Tensor): Trainer {
  const variant = defineVariant({
    name: 'told',
    paper: gan.paper,
    task: 'generation',
    requires: { kind: ['vectors'] },
    config: gan.config,
    build: () => ({ networks: {}, players: [], averaged: [], batchSize: 1, sampleLatents: (n, random) => ({ z: points(n, random) }), generate: (_, { z: latents }) => latents as tf.Tensor }),
  });
  return new Trainer({ variant, dataset }) as unknown as Trainer;
}

describe('points of the ring', () => {
  it('are scored by their distance to real ones and by the modes that they cover', async () => {
    const dataset = await loadDataset('ring');
    const judge = new VectorJudge(dataset, PLAN);
    const oneMode = generating(dataset, (n, random) => tf.add(random.normal([n, 2], 0, 0.001), tf.tensor2d([[1, 0]])));
    const scores = await judge.score(oneMode, 'test');
    expect(scores.map(({ name, value, samples, split }) => [name, value, samples.generated, split])).toEqual([
      ['sliced-w1', expect.closeTo(0.8, 1), 400, 'test'], // 2 / pi times the mean distance of the modes from (1, 0), 1.257
      ['modes-400', 1, 400, 'test'],
      ['hq-3sigma', 1, 400, 'test'],
      ['kl-modes-400', expect.closeTo(Math.log(8), 12), 400, 'test'],
    ]);
    expect(await judge.score(oneMode, 'test')).toEqual(scores);
    expect((await judge.score(oneMode, 'validation'))[0]).toMatchObject({ name: 'sliced-w1', split: 'validation', samples: { real: 200, generated: 200 } });
  });

  it('have yardsticks that get worse with noise', async () => {
    const judge = new VectorJudge(await loadDataset('ring'), PLAN);
    const rungs = await judge.rungs();
    expect(rungs.map(({ name }) => name)).toEqual(['noise .05', 'noise .25', 'noise alone']);
    const distances = rungs.map(({ scores }) => scores[0]?.value as number);
    expect(distances).toEqual(distances.toSorted((one, other) => one - other));
    expect(rungs.map(({ scores }) => scores.find(({ name }) => name === 'hq-3sigma')?.value)).toEqual([expect.closeTo(0.285, 0.9), expect.closeTo(0, 1), expect.closeTo(0, 1)]); // NumPy, a million points
  });

  it('are drawn upon real ones, the same at every call', async () => {
    const dataset = await loadDataset('ring');
    const judge = new VectorJudge(dataset, PLAN);
    const spread = generating(dataset, (n, random) => random.normal([n, 2]));
    const { extension, bytes } = await judge.draw(spread);
    expect(extension).toBe('svg');
    expect(new TextDecoder().decode(bytes)).toMatch(/^<svg .*class="r".*class="g".*<\/svg>$/);
    expect((await judge.draw(spread)).bytes).toEqual(bytes);
    expect(await judge.drawReal()).toBeUndefined();
    expect(judge.extractor).toBeNull();
  });
});
