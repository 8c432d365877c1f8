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

function differenceOf(a: tf.Tensor, b: tf.Tensor): number {
  return tf.tidy(() => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0] as number);
}

const sums = (values: tf.Tensor): number[] => tf.tidy(() => [...tf.sum(values, 1).dataSync()]);

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

  it('computes what NumPy computes from the same weights, to 1e-4', () => {
    tf.tidy(() => {
      const features = extractor.features(scope);
      expect(features.shape).toEqual([2, 64]);
      for (const [found, expected] of [
        [sums(features), reference.featureSums],
        [sums(tf.square(features)), reference.squareSums],
        [[...logitsOf(extractor, scope)], reference.logits],
      ] as const) {
        found.forEach((value, i) => expect(Math.abs(value - (expected[i] as number)) / Math.max(1, Math.abs(value))).toBeLessThan(1e-4));
      }
    });
  });

  it('frames 28 px with background, averages 64 px to 32, and takes one channel or three', () => {
    tf.tidy(() => {
      const inner = tf.slice(scope, [0, 2, 2, 0], [2, 28, 28, 1]);
      [...logitsOf(extractor, inner)].forEach((value, i) => expect(Math.abs(value - (reference.framedLogits[i] as number))).toBeLessThan(1e-3));

      const features = extractor.features(scope);
      const doubled = tf.reshape(tf.tile(tf.reshape(scope, [2, 32, 1, 32, 1]), [1, 1, 2, 1, 2]), [2, 64, 64, 1]) as tf.Tensor4D;
      expect(differenceOf(extractor.features(doubled), features)).toBeLessThan(1e-4);

      const equal = tf.tile(scope, [1, 1, 1, 3]);
      expect(differenceOf(extractor.features(equal), features)).toBeLessThan(1e-4);
      // Another colour of the same grey is no difference to those that look at grey, and one to those that look at colours.
      const colour = tf.concat([tf.add(scope, 0.5), tf.sub(scope, 0.5), scope], 3) as tf.Tensor4D;
      const seen = differenceOf(extractor.features(colour), features) > 0.01;
      expect(seen).toBe(channelsOf(name) === 3);
    });
  });
});

describe('random-conv64', () => {
  it('computes what NumPy computes from the same weights, to 1e-4', async () => {
    const extractor = await loadExtractor('random-conv64');
    tf.tidy(() => {
      const scope = waves();
      const colour = tf.concat([scope, tf.mul(scope, 0.5), tf.neg(scope)], 3) as tf.Tensor4D;
      for (const [images, { sums: expectedSums, squareSums }] of [[scope, randomConvReference.grey], [colour, randomConvReference.colour]] as const) {
        const features = extractor.features(images);
        sums(tf.square(features)).forEach((value, i) => expect(Math.abs(value / (squareSums[i] as number) - 1)).toBeLessThan(1e-4));
        sums(features).forEach((value, i) => expect(Math.abs(value - (expectedSums[i] as number))).toBeLessThan(1e-3));
      }
    });
    extractor.dispose();
  });
});

describe('mnist-lenet64x3', () => {
  it('has the features of each channel, and takes the three digits for the number that they write', async () => {
    const [grey, stacked] = [await loadExtractor('mnist-lenet64'), await loadExtractor('mnist-lenet64x3')];
    tf.tidy(() => {
      const scope = waves();
      const channels = [scope, tf.neg(scope), tf.mul(scope, 0.3)] as tf.Tensor4D[];
      const images = tf.concat(channels, 3) as tf.Tensor4D;
      const expected = tf.concat(channels.map((one) => grey.features(one)), 1);
      expect(differenceOf(stacked.features(images), expected)).toBeLessThan(1e-4);
      const digits = channels.map((one) => [...tf.argMax(tf.tensor(logitsOf(grey, one), [2, 10]), 1).dataSync()]);
      const logits = tf.tensor(logitsOf(stacked, images), [2, 1000]);
      expect([...tf.argMax(logits, 1).dataSync()]).toEqual([0, 1].map((i) => digits.reduce((number, of) => 10 * number + (of[i] as number), 0)));
      // The probability of 000 is the product of the channels' probabilities of 0.
      const zero = (tensor: tf.Tensor): number => tf.softmax(tensor).dataSync()[0] as number;
      const product = channels.reduce((p, one) => p * zero(tf.tensor(logitsOf(grey, one), [2, 10])), 1);
      expect(zero(logits) / product).toBeCloseTo(1, 3);
    });
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

function logitsOf(extractor: FeatureExtractor, images: tf.Tensor4D): Float32Array {
  const logits = (extractor.classify as NonNullable<FeatureExtractor['classify']>)(images);
  return logits.dataSync<'float32'>();
}
