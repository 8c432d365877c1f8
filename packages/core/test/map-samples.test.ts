import { mapSamples } from '../src/map-samples.js';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

describe('samples put through a function', () => {
  it('come back in order, whatever their number, and leave nothing behind', async () => {
    const before = tf.memory().numTensors;
    for (const n of [0, 1, 250, 601]) {
      const values = Float32Array.from({ length: n * 2 }, (_, i) => i);
      const sizes: number[] = [];
      const out = await mapSamples(values, [2, 1], (batch) => {
        sizes.push(batch.shape[0]);
        return tf.sum(tf.mul(batch, 2), 1); // [m, 1]: half as many values
      });
      expect([...out]).toEqual(Array.from({ length: n }, (_, i) => 8 * i + 2));
      expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(250);
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});
