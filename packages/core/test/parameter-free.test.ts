import { makeBatchNormParameterFree, train } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';

it('batch norm without parameters only subtracts the mean and divides by the standard deviation, and trains nothing', () => {
  const network = tf.sequential({
    layers: [
      tf.layers.dense({ name: 'fc', units: 1, inputShape: [1], kernelInitializer: 'ones', useBias: false }),
      tf.layers.batchNormalization({ name: 'bn', epsilon: 1e-12 }),
    ],
  });
  makeBatchNormParameterFree(network);
  expect(network.trainableWeights.map(({ originalName }) => originalName)).toEqual(['fc/kernel']);
  const [low, high] = train(network, tf.tensor2d([[3], [7]])).dataSync(); // mean 5, standard deviation 2
  expect(low).toBeCloseTo(-1, 5);
  expect(high).toBeCloseTo(1, 5);
});
