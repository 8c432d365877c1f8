import { minimaxDiscriminatorLoss, nonSaturatingGeneratorLoss } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { valueOf, valuesOf } from './values.js';

/** -log sigmoid(a), in float64. */
const minusLogSigmoid = (logit: number): number => Math.log1p(Math.exp(-logit));
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const column = (values: number[]): tf.Tensor => tf.tensor2d(values, [values.length, 1]);

const REAL = [0.3, -1.2, 4];
const FAKE = [-0.7, 2.5, 0];

describe('the GAN losses on logits', () => {
  it('equal the logarithms of the paper', async () => {
    const discriminator = mean(REAL.map(minusLogSigmoid)) + mean(FAKE.map((logit) => -Math.log(1 - 1 / (1 + Math.exp(-logit)))));
    expect(await valueOf(() => minimaxDiscriminatorLoss(column(REAL), column(FAKE)))).toBeCloseTo(discriminator, 5);
    expect(await valueOf(() => nonSaturatingGeneratorLoss(column(FAKE)))).toBeCloseTo(mean(FAKE.map(minusLogSigmoid)), 5);
  });

  it('are 2 log 2 and log 2 where D cannot tell', async () => {
    expect(await valueOf(() => minimaxDiscriminatorLoss(column([0]), column([0])))).toBeCloseTo(2 * Math.LN2, 6);
    expect(await valueOf(() => nonSaturatingGeneratorLoss(column([0])))).toBeCloseTo(Math.LN2, 6);
  });

  it('stay finite, with useful gradients, at logits whose sigmoid is 0 or 1 in float32', async () => {
    const loss = (fake: tf.Tensor): tf.Scalar => nonSaturatingGeneratorLoss(fake);
    expect(await valueOf(() => loss(column([-200])))).toBeCloseTo(200, 3);
    const [slope] = await valuesOf(tf.tidy(() => tf.grad(loss)(column([-200]))));
    expect(slope).toBeCloseTo(-1, 6);
    expect(await valueOf(() => minimaxDiscriminatorLoss(column([-150]), column([150])))).toBeCloseTo(300, 3);
  });
});
