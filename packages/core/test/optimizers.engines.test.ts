import { Optimizer, type OptimizerConfig } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { GRADIENTS, optimizerCases, START } from './optimizer-cases.js';

/** One update, counted. */
function update(optimizer: Optimizer, gradients: (tf.Tensor | undefined)[]): void {
  tf.tidy(() => {
    const { rate, epsilon } = optimizer.coefficients();
    optimizer.apply(gradients, { rate: tf.scalar(rate), epsilon: tf.scalar(epsilon) });
  });
  optimizer.updates += 1;
  tf.dispose(gradients.filter((gradient) => gradient !== undefined));
}

/** Applies the gradients one after the other and returns the weight. */
async function weightAfter(config: OptimizerConfig): Promise<number> {
  const weight = tf.variable(tf.tensor1d([START, 0]));
  const optimizer = new Optimizer(config, [weight]);
  for (const gradient of GRADIENTS) update(optimizer, [tf.tensor1d([gradient, 0])]);
  const [value] = await weight.data();
  optimizer.dispose();
  weight.dispose();
  return value as number;
}

/** The first value of every variable. */
function firstOf(variables: readonly tf.Variable[]): Promise<(number | undefined)[]> {
  return Promise.all(variables.map(async (variable) => (await variable.data())[0]));
}

describe('optimizers equal the update rules of their papers, computed in float64 by reference/optimizers.py', () => {
  it.each(optimizerCases)('%s', async (_, config, expected) => {
    expect(await weightAfter(config)).toBeCloseTo(expected, 5);
  });
});

describe('an optimizer', () => {
  it('leaves a weight without a gradient alone, and all its slots exist from the start', async () => {
    const weights = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(2))];
    const optimizer = new Optimizer({ kind: 'adam', learningRate: 0.1, beta1: 0.5, beta2: 0.9 }, weights);
    expect(Object.values(optimizer.slots).flat()).toHaveLength(4);
    update(optimizer, [undefined, tf.scalar(1)]);
    expect(await firstOf(weights)).toEqual([1, expect.closeTo(1.9, 6)]);
    optimizer.dispose();
    tf.dispose(weights);
  });

  it('starts again after a reset', async () => {
    const weight = tf.variable(tf.scalar(1));
    const optimizer = new Optimizer({ kind: 'adam', learningRate: 0.1, beta1: 0.5, beta2: 0.9 }, [weight]);
    update(optimizer, [tf.scalar(5)]);
    optimizer.reset();
    expect(optimizer.updates).toBe(0);
    expect(await firstOf(Object.values(optimizer.slots).flat())).toEqual([0, 0]);
    optimizer.dispose();
    weight.dispose();
  });

  it('keeps the number of tensors constant', () => {
    const weight = tf.variable(tf.zeros([3]));
    const optimizer = new Optimizer({ kind: 'rmsprop', learningRate: 0.1, decay: 0.9 }, [weight]);
    const before = tf.memory().numTensors;
    for (let i = 0; i < 5; i++) update(optimizer, [tf.ones([3])]);
    expect(tf.memory().numTensors).toBe(before);
    optimizer.dispose();
    weight.dispose();
  });
});
