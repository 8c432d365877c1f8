import { type Dataset, defineVariant, Trainer } from '@ganzoo/core';
import { cyclegan } from '@ganzoo/cyclegan';
import { loadDataset } from '@ganzoo/datasets';
import * as tf from '@tensorflow/tfjs';
import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { FeatureStore } from '../src/judges/feature-store.js';
import { meanAbsoluteError, meanImages, meanPsnr } from '../src/judges/translation-errors.js';
import { TranslationJudge } from '../src/judges/translation.js';
import { temporaryFolder } from './cli.js';

const PLAN = { extractor: null, second: null, every: 1, validationSamples: 12, testSamples: 20, kernelSubsets: 0 };

/** Translates as told, and learns nothing. */
function translating(dataset: Dataset, translate: (x: tf.Tensor, direction: 'AtoB' | 'BtoA') => tf.Tensor): Trainer {
  const variant = defineVariant({
    name: 'told',
    paper: cyclegan.paper,
    task: 'translation',
    requires: { twoDomains: true },
    config: cyclegan.config,
    build: () => ({ networks: {}, players: [], averaged: [], batchSize: 1, translate: (_, x, direction) => translate(x, direction) }),
  });
  return new Trainer({ variant, dataset }) as unknown as Trainer;
}

async function judged(dataset: Dataset, plan = PLAN): Promise<TranslationJudge> {
  return TranslationJudge.create(dataset, plan, new FeatureStore(await temporaryFolder()));
}

describe('translations between glyph-pairs', () => {
  it('are scored by their error against the true mapping, by FID where an extractor knows the domain, and by their way back', async () => {
    const dataset = await loadDataset('glyph-pairs');
    const judge = await judged(dataset);
    const truth = translating(dataset, (x, direction) => tf.tensor(dataset.trueMapping?.(x.dataSync<'float32'>(), direction) as Float32Array, x.shape));
    const scores = await judge.score(truth, 'test');
    expect(scores.map(({ name, better, samples, split }) => [name, better, samples.generated, split])).toEqual([
      ['true-mapping-AtoB', undefined, 20, 'test'],
      ['true-mapping-BtoA', undefined, 20, 'test'],
      ['fid-glyphs-lenet64-BtoA', undefined, 20, 'test'],
      ['cycle-psnr', 'higher', 20, 'test'],
    ]);
    expect(scores[0]?.value).toBe(0);
    expect(scores[1]?.value).toBe(0);
    expect(scores[3]?.value).toBeGreaterThan(100);
    expect(await judge.score(truth, 'test')).toEqual(scores);
    expect(judge.extractor?.name).toBe('glyphs-lenet64');
    judge.dispose();
  });

  it('are chosen by their errors alone', async () => {
    const dataset = await loadDataset('glyph-pairs');
    const judge = await judged(dataset);
    const scores = await judge.score(translating(dataset, (x) => tf.fill(x.shape, 0)), 'validation');
    expect(scores.map(({ name, samples }) => [name, samples.real])).toEqual([['true-mapping-AtoB', 12], ['true-mapping-BtoA', 12]]);
    judge.dispose();
  });

  it('are read against the input itself and the mean image', async () => {
    const dataset = await loadDataset('glyph-pairs');
    const judge = await judged(dataset);
    const [identity, constant] = await judge.rungs();
    const scores = await judge.score(translating(dataset, (x) => tf.clone(x)), 'test');
    const values = (all: readonly { name: string; value: number }[] = []): Record<string, number> => Object.fromEntries(all.map(({ name, value }) => [name, value]));
    expect(identity?.name).toBe('identity mapping');
    expect(values(identity?.scores)).toEqual(values(scores.filter(({ name }) => name !== 'cycle-psnr')));
    expect(constant?.name).toBe('mean image');
    expect(constant?.scores.map(({ name }) => name)).toEqual(['true-mapping-AtoB', 'true-mapping-BtoA']);
    expect(values(constant?.scores)['true-mapping-AtoB']).toBeLessThan(values(identity?.scores)['true-mapping-AtoB'] as number);
    judge.dispose();
  });

  it('are drawn in 8 rows beside their inputs, the truth and the way back', async () => {
    const dataset = await loadDataset('glyph-pairs');
    const judge = await judged(dataset);
    const { extension, bytes } = await judge.draw(translating(dataset, (x) => tf.neg(x)));
    const { width, height, channels, data } = decode(bytes);
    expect([extension, width, height, channels]).toEqual(['png', 8 * 30 + 2, 8 * 30 + 2, 3]);
    const corner = (column: number): number[] => [...data.subarray((2 * width + 2 + 30 * column) * 3, (2 * width + 2 + 30 * column) * 3 + 3)];
    // a: black, its negative, true paper, black again; b: paper, its negative, true black, paper again
    const [black, white, paper] = [[0, 0, 0], [255, 255, 255], [255, 230, 179]]; // (1, .8, .4): 255, 229.5, 178.5
    expect([0, 1, 2, 3, 4, 6, 7].map(corner)).toEqual([black, white, paper, black, paper, black, paper]);
    expect(await judge.drawReal()).toBeUndefined();
    judge.dispose();
  });
});

describe('translations between domains without a known mapping', () => {
  it('are scored by FID and by their way back, grey beside coloured', async () => {
    const pairs = await loadDataset('glyph-pairs');
    const grey = await loadDataset('glyphs');
    const domains = { a: grey.spec, b: (pairs.spec.domains as NonNullable<typeof pairs.spec.domains>).b };
    const dataset: Dataset = {
      spec: { name: 'mixed', kind: 'images', shape: grey.spec.shape, domains },
      source: (split, domain) => (domain === 'a' ? grey.source(split) : pairs.source(split, 'b')),
    };
    const judge = await judged(dataset);
    const trainer = translating(dataset, (x, direction) => (direction === 'AtoB' ? tf.tile(x, [1, 1, 1, 3]) : tf.mean(x, 3, true)));
    expect((await judge.score(trainer, 'validation')).map(({ name }) => name)).toEqual(['fid-glyphs-lenet64-BtoA', 'cycle-psnr']);
    expect(await judge.rungs()).toEqual([]);
    expect(decode((await judge.draw(trainer)).bytes).width).toBe(6 * 30 + 2);
    judge.dispose();
  });
});

describe('errors of translations', () => {
  it('are means of what each image has', () => {
    expect(meanAbsoluteError(Float32Array.of(1, -1), Float32Array.of(0.5, 0.5))).toBe(1);
    // differences of .2 and .02 in [-1, 1] are .1 and .01 of the peak: 20 dB and 40 dB
    expect(meanPsnr(Float32Array.of(0, 0, 0.5, 0.5), Float32Array.of(0.2, -0.2, 0.52, 0.48), [1, 2, 1])).toBeCloseTo(30, 4);
    expect([...meanImages(Float32Array.of(1, 0, 3, 0.5), [1, 2, 1], 2)]).toEqual([2, 0.25, 2, 0.25]);
  });
});
