import { MetricError } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { extractFeatures, arrayImages, inceptionExtractor } from '../src/index.js';

const NAME = { name: 'inception-test', weightsSha256: '' };

/** A model that gives back what it is given, [n, 4, 4, 3] as [n, 48]. */
function mirror(): tf.LayersModel {
  const input = tf.input({ shape: [4, 4, 3] });
  return tf.model({ inputs: input, outputs: tf.layers.flatten().apply(input) as tf.SymbolicTensor });
}

describe('an extractor of a model', () => {
  it('is given bytes, resized as TensorFlow 1 does, as (byte - 128) / 128', async () => {
    const extractor = inceptionExtractor(mirror(), NAME);
    expect(extractor.dimensions).toBe(48);
    // -1, 0, .2, 1 are the bytes 0, 128 (127.5 rounded to even), 153, 255. From 2 x 2 to 4 x 4 the old pixels stand at 0 and 2; behind the last there is nothing but itself.
    const { data } = await extractFeatures(extractor, arrayImages(Float32Array.of(-1, 0, 0.2, 1), [2, 2, 1]), 1);
    const [a, b, c, d] = [0, 128, 153, 255].map((byte) => (byte - 128) / 128) as [number, number, number, number];
    const row = (left: number, right: number): number[] => [left, (left + right) / 2, right, right];
    const [top, bottom] = [row(a, b), row(c, d)];
    const expected = [top, top.map((value, i) => (value + (bottom[i] as number)) / 2), bottom, bottom].flat();
    expected.forEach((value, pixel) => [0, 1, 2].forEach((channel) => expect(data[3 * pixel + channel]).toBeCloseTo(value, 5)));
    extractor.dispose();
  });

  it('takes the mean over what is left of height and width', async () => {
    const input = tf.input({ shape: [null, null, 3] as never });
    const model = tf.model({ inputs: input, outputs: tf.layers.averagePooling2d({ poolSize: 2 }).apply(input) as tf.SymbolicTensor });
    const extractor = inceptionExtractor(model, NAME);
    expect([extractor.dimensions, extractor.accepts([28, 28, 1]), extractor.accepts([28, 28, 2])]).toEqual([3, true, false]);
    const { data } = await extractFeatures(extractor, arrayImages(new Float32Array(12).fill(1), [2, 2, 3]), 1);
    data.forEach((value) => expect(value).toBeCloseTo(127 / 128, 5));
    extractor.dispose();
  });

  it('refuses a model that takes or gives something else', () => {
    const grey = tf.sequential({ layers: [tf.layers.flatten({ inputShape: [4, 4, 1] })] });
    expect(() => inceptionExtractor(grey, NAME)).toThrow(MetricError);
    const sequence = tf.sequential({ layers: [tf.layers.reshape({ targetShape: [16, 3], inputShape: [4, 4, 3] })] });
    expect(() => inceptionExtractor(sequence, NAME)).toThrow("The model of 'inception-test' gives [1,16,3] instead of features.");
  });
});
