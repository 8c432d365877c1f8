import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
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

const PRODUCTS: Readonly<Record<string, () => tf.Tensor>> = {
  'two matrices': () => tf.matMul(tensor([5, 3], 1), tensor([3, 4], 2)),
  'the first one transposed': () => tf.matMul(tensor([3, 5], 1), tensor([3, 4], 2), true),
  'the second one transposed': () => tf.matMul(tensor([5, 3], 1), tensor([4, 3], 2), false, true),
  'both transposed': () => tf.matMul(tensor([3, 5], 1), tensor([4, 3], 2), true, true),
  'a matrix and a column': () => tf.matMul(tensor([64, 33], 1), tensor([33, 1], 2)),
  'a column and a row': () => tf.matMul(tensor([17, 1], 1), tensor([1, 9], 2)),
  'with a bias and an activation': () => tf.fused.matMul({ a: tensor([5, 3], 1), b: tensor([3, 4], 2), bias: tensor([4], 3), activation: 'relu' }),
  'in batches': () => tf.matMul(tensor([2, 5, 3], 1), tensor([2, 3, 4], 2)),
};

const SUMS: Readonly<Record<string, () => tf.Tensor>> = {
  'of rows': () => tf.sum(tensor([300, 5]), 0),
  'of rows, kept as one': () => tf.sum(tensor([6, 5]), 0, true),
  'over all axes but the last': () => tf.sum(tensor([2, 3, 4, 5]), [0, 1, 2]),
  'over these axes in another order, counted from the end': () => tf.sum(tensor([2, 3, 4, 5]), [-2, -4, 1], true),
  'over the first of three': () => tf.sum(tensor([6, 2, 3]), 0),
  'over the first two of four': () => tf.sum(tensor([3, 2, 4, 5]), [0, 1], true),
  'of one column': () => tf.sum(tensor([7, 1]), 0),
  'of one row': () => tf.sum(tensor([1, 7]), 0),
  'over axes in the middle': () => tf.sum(tensor([2, 3, 4, 5]), [1, 2]),
  'over the last axis': () => tf.sum(tensor([6, 5]), 1),
  'over all': () => tf.sum(tensor([6, 5])),
  'over none': () => tf.sum(tensor([6, 5]), []),
  'of whole numbers': () => tf.sum(whole([6, 5]), 0),
  'of truth values': () => tf.sum(tf.greater(tensor([6, 5]), 0), 0),
};

const PADS: Readonly<Record<string, () => tf.Tensor>> = {
  'images with zeros': () => tf.pad(tensor([2, 3, 4, 2]), [[0, 0], [1, 2], [0, 1], [0, 0]]),
  'a vector with zeros': () => tf.pad(tensor([3]), [[2, 1]]),
  'images with another number': () => tf.pad(tensor([2, 3, 4, 2]), [[0, 0], [1, 2], [0, 1], [0, 0]], 0.5),
  'whole numbers with zeros': () => tf.pad(whole([3, 2]), [[1, 1], [0, 2]]),
};

describe.each([['a product of', PRODUCTS], ['a sum', SUMS], ['padding', PADS]] as const)('%s', (_, cases) => {
  it.each(Object.entries(cases))('%s, as on the plain back end', async (__, compute) => {
    expect(await differences(compute, 'tensorflow')).toEqual([]);
  });
});

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
    ['a product with a column is one of two matrices', 'MatMul', (x: tf.Tensor) => tf.add(tf.matMul(x as tf.Tensor2D, tensor([6, 1], 3)), tensor([1], 4))],
    ['a product of two matrices is what it is operation by operation', 'BatchMatMulV2', (x: tf.Tensor) => tf.matMul(x as tf.Tensor2D, tensor([6, 5], 3))],
    ['a sum of rows is a product', 'MatMul', (x: tf.Tensor) => tf.sum(x, 0)],
    ['padding with zeros is that of convolutions', 'Pad', (x: tf.Tensor) => tf.pad(x, [[1, 2], [0, 1]])],
  ] as const)('%s', async (_, operation, compute) => {
    const numbers = () => tensor([8, 6], 2);
    await tf.setBackend('tensorflow');
    const before = tf.memory().numTensors;
    const { operations, values } = await traced(tensor([8, 6], 1), numbers(), (x) => tf.tidy(() => compute(x)));
    expect(tf.memory().numTensors).toBe(before);
    expect(operations).toContain(operation);
    await tf.setBackend('cpu');
    expect(wrongNumbers(values, [...tf.tidy(() => compute(numbers()).dataSync())])).toEqual([]);
  });

  it.each([['eagerly', false], ['traced', true]] as const)('a sum of 65,536 rows keeps its digits, %s', async (_, asOneCall) => {
    const rows = 65_536; // the sum of 1, 2, ..., n is n (n + 1) / 2
    await tf.setBackend('tensorflow');
    const counted = (): tf.Tensor => tf.tidy(() => tf.mul(tf.reshape(tf.range(1, rows + 1), [rows, 1]), tf.tensor([1, -2, 0.5])));
    const expected = [1, -2, 0.5].map((factor) => (factor * rows * (rows + 1)) / 2);
    const values = asOneCall ? (await traced(tf.zeros([rows, 3]), counted(), (x) => tf.sum(x, 0))).values : [...tf.tidy(() => tf.sum(counted(), 0).dataSync())];
    values.forEach((value, i) => expect(Math.abs(value / (expected[i] as number) - 1)).toBeLessThan(1e-6));
  });
});

describe("under Node's profiler", () => {
  it("products operation by operation survive its signals", () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'ganzoo-test-'));
    const script = fileURLToPath(new URL('support/eager-products.ts', import.meta.url));
    try {
      execFileSync(process.execPath, ['--cpu-prof', '--cpu-prof-interval', '50', '--cpu-prof-dir', folder, '--conditions=@ganzoo/source', '--import', 'tsx', script], { stdio: 'pipe' });
      expect(readdirSync(folder)).not.toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);
});
