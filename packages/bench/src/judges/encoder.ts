import { type Dataset, type Model, Random, type Samples, sampleSize, type Score, type Trainer } from '@ganzoo/core';
import { type LabelledFeatures, oneNearestNeighbourAccuracy, reconstructionErrors } from '@ganzoo/metrics';
import * as tf from '@tensorflow/tfjs';
import type { Rung } from '../cell/result.js';
import type { MakeProbe } from './probe.js';

/** Images that pass a network at a time. */
const BATCH = 250;

type Encoder = Model & Required<Pick<Model, 'encode' | 'generate'>>;

/**
 * An encoder's scores: what reconstructions G(E(x)) of test images are off by, and, where the data have labels, how many
 * test images have the class of the nearest of as many training images in the encoder's features. An untrained encoder
 * does well at that, so it is the yardstick; a reconstruction's is the error against the original of another one.
 */
export const encoderProbe: MakeProbe = ({ dataset, trainer, untrained }, { testSamples }) => {
  if (!isEncoder(trainer.model)) return undefined;
  return {
    score: (trained) => scores(trained, dataset, testSamples),
    async rungs(): Promise<Rung[]> {
      const pair = await trainer.withAverage(async () => reconstruction(trainer, await drawn(dataset, 'test', testSamples), 1));
      const beginner = untrained();
      try {
        return [
          { name: 'random pair', scores: [pair] },
          { name: 'untrained encoder', scores: await scores(beginner, dataset, testSamples) },
        ];
      } finally {
        beginner.dispose();
      }
    },
  };
};

function isEncoder(model: Model): model is Encoder {
  return model.encode !== undefined && model.generate !== undefined;
}

function scores(trainer: Trainer, dataset: Dataset, count: number): Promise<Score[]> {
  return trainer.withAverage(async () => {
    const test = await drawn(dataset, 'test', count);
    const { values, labels } = test;
    if (!labels) return [await reconstruction(trainer, test)];
    return [await reconstruction(trainer, test), await nearestNeighbour(trainer, dataset, { values, labels })];
  });
}

/** @param shift 1: each reconstruction beside the original of the next one. */
async function reconstruction(trainer: Trainer, { values }: Samples, shift = 0): Promise<Score> {
  const { networks, encode, generate } = trainer.model as Encoder;
  const { shape } = trainer.identity.data;
  const { data, rows } = await mapped(values, shape, (x) => generate(networks, { z: encode(networks, x) }, trainer.step));
  const { l1 } = reconstructionErrors(values, data, { size: sampleSize({ shape }), shift });
  return { name: 'reconstruction-l1', value: l1, samples: { real: rows, generated: rows }, split: 'test' };
}

async function nearestNeighbour(trainer: Trainer, dataset: Dataset, test: Required<Samples>): Promise<Score> {
  const { networks, encode, features = encode } = trainer.model as Encoder;
  const featuresOf = async ({ values, labels }: Required<Samples>): Promise<LabelledFeatures> => ({
    features: await mapped(values, dataset.spec.shape, (x) => features(networks, x)),
    labels,
  });
  const train = (await drawn(dataset, 'train', test.labels.length)) as Required<Samples>;
  const value = await oneNearestNeighbourAccuracy(await featuresOf(train), await featuresOf(test));
  return { name: '1nn-accuracy', value, better: 'higher', samples: { real: train.labels.length, generated: test.labels.length }, split: 'test' };
}

/** Random samples of a split, the same at every call; at most as many as there are. */
async function drawn(dataset: Dataset, split: 'train' | 'test', count: number): Promise<Samples> {
  const source = dataset.source(split);
  return source.read(Random.of('encoder', split).permutation(source.length).subarray(0, count));
}

/** What a network makes of images, one row for each. */
async function mapped(images: Float32Array, shape: readonly number[], network: (x: tf.Tensor) => tf.Tensor): Promise<{ data: Float32Array; rows: number; columns: number }> {
  const size = sampleSize({ shape });
  const rows = images.length / size;
  const parts: Float32Array[] = [];
  for (let start = 0; start < rows; start += BATCH) {
    const count = Math.min(BATCH, rows - start);
    const made = tf.tidy(() => network(tf.tensor(images.subarray(start * size, (start + count) * size), [count, ...shape])));
    parts.push(await made.data<'float32'>());
    made.dispose();
  }
  const data = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((at, part) => (data.set(part, at), at + part.length), 0);
  return { data, rows, columns: data.length / rows };
}
