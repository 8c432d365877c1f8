import { bigan } from '@ganzoo/bigan';
import { cgan } from '@ganzoo/cgan';
import { type Dataset, defineVariant, type Model, Random, Trainer, type Variant } from '@ganzoo/core';
import { dcgan } from '@ganzoo/dcgan';
import { loadDataset } from '@ganzoo/datasets';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LoadedCell } from '../src/cell/job.js';
import { encoderProbe } from '../src/judges/encoder.js';
import { labelProbe } from '../src/judges/labels.js';
import type { Probe } from '../src/judges/probe.js';

const PLAN = { extractor: 'glyphs-lenet64', second: null, every: 1, validationSamples: 10, testSamples: 60, kernelSubsets: 0 };
let dataset: Dataset;
beforeAll(async () => {
  dataset = await loadDataset('glyphs');
});

/** A cell of a model that does as it is told, and learns nothing. `untrained` is told something else. */
function cellOf(told: Partial<Model>, untrained: Partial<Model> = told, requires: Variant['requires'] = {}): LoadedCell {
  const make = (model: Partial<Model>): Trainer => {
    const build = (): Model => ({ networks: {}, players: [], averaged: [], batchSize: 1, ...model });
    return new Trainer({ variant: defineVariant({ name: 'told', paper: dcgan.paper, task: 'generation', requires, config: dcgan.config, build }), dataset }) as unknown as Trainer;
  };
  const trainer = make(told);
  return { variant: { requires } as Variant, dataset, trainer, untrained: () => make(untrained) };
}

const pixels: NonNullable<Model['encode']> = (_, x) => tf.reshape(x, [x.shape[0] as number, 784]);
const nothing: NonNullable<Model['encode']> = (_, x) => tf.zeros([x.shape[0] as number, 784]);
const image: NonNullable<Model['generate']> = (_, { z }) => tf.reshape(z as tf.Tensor, [-1, 28, 28, 1]);

describe("an encoder's scores", () => {
  it('are a reconstruction error and the accuracy of its nearest neighbours, beside a random pair and the encoder before training', async () => {
    const cell = cellOf({ encode: pixels, generate: image }, { encode: nothing, generate: image });
    const probe = encoderProbe(cell, PLAN) as Probe;
    const [reconstruction, accuracy, ...rest] = await probe.score(cell.trainer);
    expect(reconstruction).toEqual({ name: 'reconstruction-l1', value: 0, samples: { real: 60, generated: 60 }, split: 'test' });
    expect(accuracy).toMatchObject({ name: '1nn-accuracy', better: 'higher', samples: { real: 60, generated: 60 }, split: 'test' });
    expect(rest).toEqual([]);
    expect(await probe.score(cell.trainer)).toEqual([reconstruction, accuracy]);

    const [pair, untrained] = await probe.rungs();
    expect([pair?.name, untrained?.name]).toEqual(['random pair', 'untrained encoder']);
    expect(pair?.scores[0]?.value).toBeGreaterThan(0.1); // other glyphs
    // Without a code every image is grey, which is |x| off; and every training image is as near: the first one's class wins.
    const { values, labels } = await dataset.source('test').read(Random.of('encoder', 'test').permutation(10_000).subarray(0, 60));
    expect(untrained?.scores[0]?.value).toBeCloseTo(values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length, 6);
    const { labels: ofTrain } = await dataset.source('train').read(Random.of('encoder', 'train').permutation(dataset.source('train').length).subarray(0, 1));
    expect(untrained?.scores[1]?.value).toBeCloseTo((labels ?? []).filter((label) => label === ofTrain?.[0]).length / 60, 12);
    expect(accuracy?.value).toBeGreaterThan(3 * (untrained?.scores[1]?.value as number)); // pixels tell glyphs apart
  });

  it("take the model's features for the neighbours where it has any", async () => {
    const cell = cellOf({ encode: pixels, generate: image, features: nothing });
    const [reconstruction, accuracy] = await (encoderProbe(cell, PLAN) as Probe).score(cell.trainer);
    expect(reconstruction?.value).toBe(0);
    expect(accuracy?.value).toBeLessThan(0.4);
  });

  it('are those of BiGAN, and leave no tensor behind', async () => {
    const make = (): Trainer => new Trainer({ variant: bigan, dataset, config: { hiddenUnits: 8, latentDim: 4 } }) as unknown as Trainer;
    const trainer = make();
    const probe = encoderProbe({ variant: bigan as unknown as Variant, dataset, trainer, untrained: make }, PLAN) as Probe;
    const before = tf.memory().numTensors;
    const scores = await probe.score(trainer);
    const [, untrained] = await probe.rungs();
    expect(scores.map(({ name }) => name)).toEqual(['reconstruction-l1', '1nn-accuracy']);
    expect(untrained?.scores).toEqual(scores); // it has not been trained
    expect(tf.memory().numTensors).toBe(before);
    trainer.dispose();
  });

  it('are none of models that do not encode', () => {
    expect(encoderProbe(cellOf({ generate: image }), PLAN)).toBeUndefined();
  });
});

describe('label agreement', () => {
  const labelled = { labels: true };
  /** Real images of the labels that are asked for; or of other ones. */
  const real = async (shift: number): Promise<Partial<Model>> => {
    const { values, labels } = await dataset.source('test').read(Array.from({ length: 300 }, (_, i) => i));
    const ofLabel = (label: number): number => (labels as Int32Array).indexOf((label + shift) % 10) * 784;
    return {
      sampleLatents: (n) => ({ labels: tf.tensor1d(Int32Array.from({ length: n }, (_, i) => i % 10), 'int32') }),
      generate: (_, { labels: asked }) => {
        const images = Array.from((asked as tf.Tensor).dataSync(), (label) => values.subarray(ofLabel(label), ofLabel(label) + 784));
        return tf.tensor(Float32Array.from(images.flatMap((one) => [...one])), [images.length, 28, 28, 1]);
      },
    };
  };

  it('is 1 of real images of the labels, 0 of real images of other ones; its floor is the classifier\'s accuracy', async () => {
    for (const [shift, value] of [[0, 1], [1, 0]] as const) {
      const cell = cellOf(await real(shift), undefined, labelled);
      const probe = labelProbe(cell, PLAN) as Probe;
      const [score, ...rest] = await probe.score(cell.trainer);
      expect(score).toMatchObject({ name: 'label-agreement', value, better: 'higher', samples: { generated: 60 }, split: 'test' });
      expect(score?.floor).toBeGreaterThan(0.95);
      expect([rest, await probe.rungs()]).toEqual([[], []]);
    }
  });

  it('is asked of cGAN, but not of models without labels, nor of a classifier of other data', async () => {
    const trainer = new Trainer({ variant: cgan, dataset, config: { filters: 2, hiddenUnits: 4, latentDim: 4 } }) as unknown as Trainer;
    const cell: LoadedCell = { variant: cgan as unknown as Variant, dataset, trainer, untrained: () => trainer };
    const [score] = await (labelProbe(cell, PLAN) as Probe).score(trainer);
    expect(score?.value).toBeLessThan(0.5);
    expect(labelProbe(cell, { ...PLAN, extractor: 'mnist-lenet64' })).toBeUndefined();
    expect(labelProbe(cell, { ...PLAN, extractor: null })).toBeUndefined();
    expect(labelProbe({ ...cell, variant: dcgan as unknown as Variant }, PLAN)).toBeUndefined();
    trainer.dispose();
  });
});
