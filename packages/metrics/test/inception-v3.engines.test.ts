import { MetricError } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { InceptionV3, type StateDictionary } from '../src/extractors/inception-v3.js';
import { formulaWeights } from './inception-v3-weights.js';

/** sin(.3 row + .2 column + 2 channel), an image of 139 px: 3 x 3 are left behind the last block. */
function waves(): tf.Tensor4D {
  const values = Float32Array.from({ length: 139 * 139 * 3 }, (_, at) => Math.sin(0.3 * Math.floor(at / 417) + 0.2 * (Math.floor(at / 3) % 139) + 2 * (at % 3)));
  return tf.tensor4d(values, [1, 139, 139, 3]);
}

describe('Inception v3 of FID', () => {
  it('computes what pytorch-fid computes from the same weights, to 1e-4', async () => {
    const network = new InceptionV3(formulaWeights());
    const images = waves();
    const features = network.features(images);
    const logits = network.logits(features);
    // packages/metrics/test/reference/inception_v3.py
    expect([features.shape, logits.shape]).toEqual([[1, 2048], [1, 1008]]);
    const [ours, ourLogits] = [await features.data(), await logits.data()];
    close([0, 1, 900, 2047].map((i) => ours[i] as number), [0.7320159077644348, 0.5593923926353455, 0, 0]);
    close([0, 500, 1007].map((i) => ourLogits[i] as number), [1.632900357246399, 0.9906861186027527, -1.4166216850280762]);
    close([Math.hypot(...ours), Math.hypot(...ourLogits)], [63.303455051242274, 57.092789022081824]);
    tf.dispose([images, features, logits]);
    network.dispose();
  });

  it('refuses weights that are not its own, by name', () => {
    const state = formulaWeights();
    const { 'Mixed_6c.branch7x7_2.bn.running_var': _, ...incomplete } = state;
    expect(() => new InceptionV3(incomplete)).toThrow("The weights have no 'Mixed_6c.branch7x7_2.bn.running_var'");
    const without = Object.fromEntries(Object.entries(state).filter(([name]) => !name.startsWith('Mixed_7c.branch1x1.')));
    expect(() => new InceptionV3(without)).toThrow("The weights have no 'Mixed_7c.branch1x1.conv.weight'");
    const other: StateDictionary = { ...state, 'fc.weight': { shape: [10, 2047], values: new Float32Array(20_470) } };
    expect(() => new InceptionV3(other)).toThrow(MetricError);
  });

  it('leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    new InceptionV3(formulaWeights()).dispose();
    const { 'Mixed_7c.branch_pool.bn.bias': _, ...incomplete } = formulaWeights();
    expect(() => new InceptionV3(incomplete)).toThrow(MetricError);
    expect(tf.memory().numTensors).toBe(before);
  });
});

function close(ours: readonly number[], theirs: readonly number[]): void {
  ours.forEach((value, i) => expect(Math.abs(value - (theirs[i] as number)), `${value} for ${theirs[i]}`).toBeLessThan(1e-4 * Math.max(1, Math.abs(theirs[i] as number))));
}
