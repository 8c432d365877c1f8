import { installedEngine, loadEngine } from '@ganzoo/engine';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { numbers } from './support/compare.js';

beforeAll(async () => {
  if (installedEngine('cpu')) await loadEngine('native');
});
beforeEach((context) => {
  if (!installedEngine('cpu')) context.skip('the native engine is not installed; `ganzoo engine install` installs it');
});

type Shape = [number, number, number, number];

/** By definition: dx[s i + k - padding] is the sum of dy[i] w[k]. */
function scattered(dy: readonly number[], dyShape: Shape, w: readonly number[], wShape: Shape, inputShape: Shape, stride: number, [top, left]: readonly [number, number]): Float32Array {
  const [batch, outHeight, outWidth, outChannels] = dyShape;
  const [kernelHeight, kernelWidth, inChannels] = wShape;
  const [, height, width] = inputShape;
  const dx = new Float64Array(batch * height * width * inChannels);
  for (let n = 0; n < batch; n++) for (let i = 0; i < outHeight; i++) for (let j = 0; j < outWidth; j++) {
    for (let k = 0; k < kernelHeight; k++) for (let l = 0; l < kernelWidth; l++) {
      const [row, column] = [stride * i + k - top, stride * j + l - left];
      if (row < 0 || row >= height || column < 0 || column >= width) continue;
      for (let c = 0; c < inChannels; c++) for (let o = 0; o < outChannels; o++) {
        const product = (dy[((n * outHeight + i) * outWidth + j) * outChannels + o] as number) * (w[((k * kernelWidth + l) * inChannels + c) * outChannels + o] as number);
        dx[((n * height + row) * width + column) * inChannels + c] = (dx[((n * height + row) * width + column) * inChannels + c] as number) + product;
      }
    }
  }
  return Float32Array.from(dx);
}

/** Height, width, kernel height, kernel width, stride. The last two leave rows that no tap reaches, or have strides of their own on both sides of the kernel. */
const GEOMETRIES = [[8, 8, 4, 4, 2], [7, 9, 5, 5, 2], [7, 6, 3, 3, 2], [9, 8, 2, 4, 2], [9, 9, 4, 4, 3], [5, 7, 1, 1, 2], [6, 6, 2, 2, 3]] as const;
const CASES = GEOMETRIES.flatMap((geometry) => (['same', 'valid'] as const).flatMap((padding) => [1, 3, 5].map((channels) => [...geometry, padding, channels] as const)));

describe('the gradient of a strided convolution with respect to its images on native', () => {
  it.each(CASES)('%ix%i, kernel %ix%i, stride %i, %s, %i channels', (height, width, kernelHeight, kernelWidth, stride, padding, channels) => {
    const inputShape: Shape = [2, height, width, channels];
    const wShape: Shape = [kernelHeight, kernelWidth, channels, 6];
    const { outShape, padInfo } = tf.backend_util.computeConv2DInfo(inputShape, wShape, stride, 1, padding);
    const [dy, w] = [numbers(outShape, 1), numbers(wShape, 2)];
    const before = tf.memory().numTensors;
    const dx = tf.tidy(() => tf.conv2dTranspose(tf.tensor4d(dy, outShape), tf.tensor4d(w, wShape), inputShape, stride, padding));
    const expected = scattered(dy, outShape as Shape, w, wShape, inputShape, stride, [padInfo.top, padInfo.left]);
    dx.dataSync().forEach((value, i) => expect(value).toBeCloseTo(expected[i] as number, 4));
    expect(dx.shape).toEqual(inputShape);
    dx.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
