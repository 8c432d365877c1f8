import type { Tracer } from '@ganzoo/core';
import { loadEngine } from '@ganzoo/engine';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { installedEngine } from '../src/install/installation.js';
import { differences, tensor, wrongNumbers } from './support/compare.js';
import { skipWithoutNative } from './support/native.js';

let tracer: Tracer | undefined;
beforeAll(async () => {
  if (installedEngine('cpu')) ({ tracer } = await loadEngine('native'));
});
beforeEach((context) => {
  skipWithoutNative(context);
});

const whole = (shape: readonly number[]): tf.Tensor => tf.cast(tf.mul(tensor(shape), 9), 'int32');

const SUMS: Readonly<Record<string, () => tf.Tensor>> = {
  'of rows': () => tf.sum(tensor([300, 9]), 0),
  'of rows, kept as one': () => tf.sum(tensor([6, 9]), 0, true),
  'over all axes but the last': () => tf.sum(tensor([2, 3, 4, 9]), [0, 1, 2]),
  'over all axes but the last of five': () => tf.sum(tensor([2, 3, 2, 4, 9]), [0, 1, 2, 3]),
  'over these axes in another order, counted from the end': () => tf.sum(tensor([2, 3, 4, 9]), [-2, -4, 1], true),
  'over the first of three': () => tf.sum(tensor([6, 4, 3]), 0),
  'over the first two of four': () => tf.sum(tensor([3, 2, 4, 5]), [0, 1], true),
  'of few columns': () => tf.sum(tensor([300, 5]), 0),
  'of one column': () => tf.sum(tensor([7, 1]), 0),
  'of one row': () => tf.sum(tensor([1, 7]), 0),
  'over axes in the middle': () => tf.sum(tensor([2, 3, 4, 5]), [1, 2]),
  'over the last axis': () => tf.sum(tensor([6, 5]), 1),
  'over all': () => tf.sum(tensor([6, 5])),
  'over none': () => tf.sum(tensor([6, 5]), []),
  'of whole numbers': () => tf.sum(whole([6, 5]), 0),
  'of truth values': () => tf.sum(tf.greater(tensor([6, 5]), 0), 0),
};

describe('a sum', () => {
  it.each(Object.entries(SUMS))('%s, as on the plain back end', async (_, compute) => {
    expect(await differences(compute, 'tensorflow')).toEqual([]);
  });
});

const FACTORS = [1, -2, 0.5, 3, -1, 4, 0.25, 7];

/** The operations of `compute` on the input, and what they give as one call on another one. */
async function traced(input: tf.Tensor, other: tf.Tensor, compute: (x: tf.Tensor) => tf.Tensor): Promise<{ operations: string[]; values: number[] }> {
  await tf.setBackend('tensorflow');
  const one = tracer as Tracer;
  const recorded = one.record([input], () => [compute(input)]);
  const { nodes } = (recorded as unknown as { recording: { nodes: readonly { kind: string; name?: string }[] } }).recording;
  const program = one.program([]);
  const move = program.add(recorded, []);
  program.load();
  const [result] = program.run(move, [other]) as [tf.Tensor];
  const values = [...(await result.data())];
  program.dispose();
  tf.dispose([result, input, other, ...recorded.outputs]);
  return { operations: nodes.flatMap(({ kind, name }) => (kind === 'operation' ? [name as string] : [])), values };
}

describe('as one call', () => {
  it.each([
    ["a sum of rows is a bias's gradient", 'BiasAddGrad', (x: tf.Tensor) => tf.sum(x, 0)],
  ] as const)('%s', async (_, operation, compute) => {
    const numbers = () => tensor([6, 8], 2);
    await tf.setBackend('tensorflow');
    const before = tf.memory().numTensors;
    const { operations, values } = await traced(tensor([6, 8], 1), numbers(), (x) => tf.tidy(() => compute(x)));
    expect(tf.memory().numTensors).toBe(before);
    expect(operations).toContain(operation);
    await tf.setBackend('cpu');
    expect(wrongNumbers(values, [...tf.tidy(() => compute(numbers()).dataSync())])).toEqual([]);
  });

  it.each([['eagerly', false], ['traced', true]] as const)('a sum of 65,536 rows keeps its digits, %s', async (_, asOneCall) => {
    const rows = 65_536; // the sum of 1, 2, ..., n is n (n + 1) / 2
    await tf.setBackend('tensorflow');
    const counted = (): tf.Tensor => tf.tidy(() => tf.mul(tf.reshape(tf.range(1, rows + 1), [rows, 1]), tf.tensor(FACTORS)));
    const expected = FACTORS.map((factor) => (factor * rows * (rows + 1)) / 2);
    const values = asOneCall ? (await traced(tf.zeros([rows, FACTORS.length]), counted(), (x) => tf.sum(x, 0))).values : [...tf.tidy(() => tf.sum(counted(), 0).dataSync())];
    values.forEach((value, i) => expect(Math.abs(value / (expected[i] as number) - 1)).toBeLessThan(1e-6));
  });
});
