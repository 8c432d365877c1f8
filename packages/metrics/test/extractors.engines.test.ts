import { MetricError, Random, type FeatureExtractor } from '@ganzoo/core';
import { loadDataset } from '@ganzoo/datasets';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accuracy } from '../scripts/accuracy.js';
import { pinnedWeights } from '../src/extractors/pinned.js';
import { channelsOf, type TrainedName } from '../src/extractors/registry.js';
import { arrayImages, extractFeatures, extractors, loadExtractor, type ExtractorName } from '../src/index.js';
import { lenetReference, randomConvReference } from './extractor-reference.js';

/** sin(.3 row + .2 column + n), two images of 32 px. */
function waves(): tf.Tensor4D {
  const values = Float32Array.from({ length: 2 * 1024 }, (_, at) => Math.sin(0.3 * (Math.floor(at / 32) % 32) + 0.2 * (at % 32) + Math.floor(at / 1024)));
  return tf.tensor4d(values, [2, 32, 32, 1]);
}

/** The largest difference, a scalar. */
function differenceOf(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return tf.max(tf.abs(tf.sub(a, b)));
}

/** The sums of every row and of its squares. */
function sumsOf(features: tf.Tensor): [tf.Tensor, tf.Tensor] {
  return [tf.sum(features, 1), tf.sum(tf.square(features), 1)];
}

/** Runs `work` in a `tf.tidy`, and reads its tensors after it: WebGPU has no `dataSync` in Node, and `data` cannot be awaited in a `tf.tidy`. */
async function valuesOf<T extends tf.Tensor[]>(work: () => [...T]): Promise<{ [K in keyof T]: number[] }> {
  const tensors = tf.tidy(work);
  const values = await Promise.all(tensors.map(async (tensor) => Array.from(await tensor.data())));
  tf.dispose(tensors);
  return values as { [K in keyof T]: number[] };
}

describe.each(Object.keys(pinnedWeights) as TrainedName[])('%s', (name) => {
  let extractor: FeatureExtractor;
  let scope: tf.Tensor4D;
  const reference = lenetReference[name];

  beforeAll(async () => {
    extractor = await loadExtractor(name);
    scope = waves();
  });
  afterAll(() => {
    extractor.dispose();
    scope.dispose();
  });

  it('computes what NumPy computes from the same weights, to 1e-4', async () => {
    const [featureSums, squareSums, logits] = await valuesOf(() => {
      const features = extractor.features(scope);
      expect(features.shape).toEqual([2, 64]);
      return [...sumsOf(features), logitsOf(extractor, scope)];
    });
    for (const [found, expected] of [
      [featureSums, reference.featureSums],
      [squareSums, reference.squareSums],
      [logits, reference.logits],
    ] as const) {
      found.forEach((value, i) => expect(Math.abs(value - (expected[i] as number)) / Math.max(1, Math.abs(value))).toBeLessThan(1e-4));
    }
  });

  it('frames 28 px with background, averages 64 px to 32, and takes one channel or three', async () => {
    const [framedLogits, [ofDoubled], [ofEqual], [ofColour]] = await valuesOf(() => {
      const inner = tf.slice(scope, [0, 2, 2, 0], [2, 28, 28, 1]);
      const features = extractor.features(scope);
      // The rows of both images as one axis: TensorFlow.js tiles rank 5 on the processor only, for which WebGPU would have to read at once.
      const doubled = tf.reshape(tf.tile(tf.reshape(scope, [2 * 32, 1, 32, 1]), [1, 2, 1, 2]), [2, 64, 64, 1]) as tf.Tensor4D;
      const equal = tf.tile(scope, [1, 1, 1, 3]);
      const colour = tf.concat([tf.add(scope, 0.5), tf.sub(scope, 0.5), scope], 3) as tf.Tensor4D;
      const difference = (images: tf.Tensor4D): tf.Tensor => differenceOf(extractor.features(images), features);
      return [logitsOf(extractor, inner), difference(doubled), difference(equal), difference(colour)];
    });
    framedLogits.forEach((value, i) => expect(Math.abs(value - (reference.framedLogits[i] as number))).toBeLessThan(1e-3));
    expect(ofDoubled).toBeLessThan(1e-4);
    expect(ofEqual).toBeLessThan(1e-4);
    // Another colour of the same grey is no difference to those that look at grey, and one to those that look at colours.
    expect((ofColour as number) > 0.01).toBe(channelsOf(name) === 3);
  });
});

describe('random-conv64', () => {
  it('computes what NumPy computes from the same weights, to 1e-4', async () => {
    const extractor = await loadExtractor('random-conv64');
    const grey = await valuesOf(() => sumsOf(extractor.features(waves())));
    const colour = await valuesOf(() => {
      const scope = waves();
      return sumsOf(extractor.features(tf.concat([scope, tf.mul(scope, 0.5), tf.neg(scope)], 3) as tf.Tensor4D));
    });
    for (const [[sums, squareSums], expected] of [[grey, randomConvReference.grey], [colour, randomConvReference.colour]] as const) {
      squareSums.forEach((value, i) => expect(Math.abs(value / (expected.squareSums[i] as number) - 1)).toBeLessThan(1e-4));
      sums.forEach((value, i) => expect(Math.abs(value - (expected.sums[i] as number))).toBeLessThan(1e-3));
    }
    extractor.dispose();
  });
});

describe('mnist-lenet64x3', () => {
  it('has the features of each channel, and takes the three digits for the number that they write', async () => {
    const [grey, stacked] = [await loadExtractor('mnist-lenet64'), await loadExtractor('mnist-lenet64x3')];
    const scope = waves();
    const channels = tf.tidy(() => [tf.clone(scope), tf.neg(scope), tf.mul(scope, 0.3)] as tf.Tensor4D[]);
    const images = tf.concat(channels, 3) as tf.Tensor4D;
    const [[difference]] = await valuesOf(() => [differenceOf(stacked.features(images), tf.concat(channels.map((one) => grey.features(one)), 1))]);
    expect(difference).toBeLessThan(1e-4);
    const classesOf = (extractor: FeatureExtractor, images: tf.Tensor4D, count: number): Promise<[number[], number[]]> =>
      valuesOf(() => {
        const logits = tf.reshape(logitsOf(extractor, images), [2, count]);
        return [tf.argMax(logits, 1), tf.softmax(logits)];
      });
    const [numbers, probabilities] = await classesOf(stacked, images, 1000);
    const ofChannels = await Promise.all(channels.map((one) => classesOf(grey, one, 10)));
    expect(numbers).toEqual([0, 1].map((i) => ofChannels.reduce((number, [digits]) => 10 * number + (digits[i] as number), 0)));
    // The probability of 000 is the product of the channels' probabilities of 0.
    const product = ofChannels.reduce((p, [, [zero]]) => p * (zero as number), 1);
    expect((probabilities[0] as number) / product).toBeCloseTo(1, 3);
    tf.dispose([scope, ...channels, images]);
    for (const one of [grey, stacked]) one.dispose();
  });
});

describe.each(Object.keys(extractors) as ExtractorName[])('%s', (name) => {
  const channels = name === 'mnist-lenet64x3' ? 3 : 1;
  let extractor: FeatureExtractor;

  beforeAll(async () => {
    extractor = await loadExtractor(name);
  });
  afterAll(() => extractor.dispose());

  it('gives the same features whatever the batch size, and leaves no tensor behind', async () => {
    const images = arrayImages(Random.of('images').uniforms(7 * 784 * channels, -1, 1), [28, 28, channels]);
    const before = tf.memory().numTensors;
    const whole = await extractFeatures(extractor, images, 7);
    const pieces = await extractFeatures(extractor, images, 7, { batchSize: 3 });
    expect(tf.memory().numTensors).toBe(before);
    expect([whole.rows, whole.columns]).toEqual([7, 64 * channels]);
    whole.data.forEach((value, i) => expect(Math.abs(value - (pieces.data[i] as number))).toBeLessThan(1e-4));
  });

  it('refuses other sizes and numbers of channels', () => {
    expect(extractor.accepts([28, 28, 1])).toBe(channels === 1);
    expect(extractor.accepts([64, 64, 3])).toBe(true);
    for (const shape of [[30, 30, channels], [32, 28, channels], [32, 32, 2]] as const) {
      expect(extractor.accepts(shape)).toBe(false);
      tf.tidy(() => {
        const call = (): unknown => extractor.features(tf.zeros([1, ...shape]));
        expect(call).toThrow(MetricError);
        const takes = name === 'mnist-lenet64x3' ? "images of 3 channels each of which 'mnist-lenet64' takes" : 'images of 28, 32 or 64 px with 1 or 3 channels';
        expect(call).toThrow(`'${name}' takes ${takes}, not ${shape.join('x')}.`);
      });
    }
  });

  it('refuses a batch of another size than was asked for', async () => {
    const before = tf.memory().numTensors;
    await expect(extractFeatures(extractor, () => tf.zeros([2, 28, 28, channels]), 3)).rejects.toThrow(/batch of 3 images was asked for and 2 came/);
    expect(tf.memory().numTensors).toBe(before);
  });
});

it('a batch size of 0 is refused', async () => {
  const extractor = await loadExtractor('mnist-lenet64');
  await expect(extractFeatures(extractor, () => tf.zeros([0, 28, 28, 1]), 3, { batchSize: 0 })).rejects.toThrow('0 is not a batch size.');
  extractor.dispose();
});

it('glyphs-lenet64 classifies test glyphs as often as its file says', async () => {
  const extractor = await loadExtractor('glyphs-lenet64');
  const count = 500;
  const test = (await loadDataset('glyphs')).source('test');
  const found = await accuracy((images) => (extractor.classify as NonNullable<typeof extractor.classify>)(images), test, count);
  const known = extractor.testAccuracy as number;
  const sd = Math.sqrt((known * (1 - known)) / count);
  expect(Math.abs(found - known)).toBeLessThan(4 * sd + 1 / count);
  extractor.dispose();
});

function logitsOf(extractor: FeatureExtractor, images: tf.Tensor4D): tf.Tensor2D {
  return (extractor.classify as NonNullable<FeatureExtractor['classify']>)(images);
}
