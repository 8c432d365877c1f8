import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BackendWasm } from '../src/wasm/backend.js';
import { registerWasmTrainingKernels } from '../src/wasm/index.js';
import { registerThreadedBackend } from '../src/wasm/shared-memory.js';
import { inParts } from '../src/wasm/threads.js';
import { tensor } from './support/compare.js';

const THREADS = 3; // so that the last part is smaller than the others

/** Large enough to be worth parting, in sizes that neither tiles nor threads divide. */
const CASES: Record<string, () => tf.Tensor> = {
  'a product of many rows': () => tf.matMul(tensor([1003, 70], 1), tensor([70, 37], 2)),
  'a product of many columns': () => tf.matMul(tensor([37, 70], 1), tensor([1003, 70], 2), false, true),
  'a product of few rows and columns over much': () => tf.matMul(tensor([5, 60_001], 1), tensor([60_001, 3], 2)),
  'a batch of products': () => tf.matMul(tensor([3, 101, 90], 1), tensor([90, 99], 2)),
  'a convolution': () => tf.conv2d(tensor<tf.Rank.R4>([3, 17, 15, 20], 1), tensor<tf.Rank.R4>([4, 4, 20, 33], 2), 2, 'same'),
  'a transposed convolution': () => tf.conv2dTranspose(tensor<tf.Rank.R4>([3, 9, 8, 33], 1), tensor<tf.Rank.R4>([4, 4, 20, 33], 2), [3, 17, 15, 20], 2, 'same'),
  "a convolution's gradient by its filter": () => {
    const [x, filter] = [tensor([3, 17, 15, 20], 1), tensor([4, 4, 20, 33], 2)];
    return tf.grad((w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, 'same').square())(filter);
  },
  'leaky ReLU': () => tf.leakyRelu(tensor([400_003], 1), 0.1),
  tanh: () => tf.tanh(tensor([400_003], 1)),
  'a maximum with one number': () => tf.maximum(tensor([400_003], 1), tf.scalar(0.25)),
  'a product of two maps': () => tf.mul(tensor([400_003], 1), tensor([400_003], 2)),
  'a row taken from each of many': () => tf.sub(tensor([4003, 67], 1), tensor([67], 2)),
  'a number divided by many': () => tf.div(tensor([1], 1), tensor([400_003], 2)),
  'a mask as numbers': () => tf.cast(tf.greater(tensor([400_003], 1), 0), 'float32'),
  'sums of columns': () => tf.sum(tensor([4003, 67], 1), 0),
  'sums of rows': () => tf.sum(tensor([4003, 67], 1), 1),
  'sums of columns in blocks': () => tf.sum(tensor([5, 1003, 67], 1), 1),
  'the largest of columns': () => tf.max(tensor([4003, 67], 1), 0),
  'a comparison': () => tf.greater(tensor([400_003], 1), tensor([400_003], 2)),
  'a choice': () => tf.where(tensor([400_003], 1).greater(0), tensor([400_003], 2), tensor([400_003], 3)),
  'batch normalization': () => tf.batchNorm(tensor<tf.Rank.R4>([7, 101, 19, 11], 1), tensor<tf.Rank.R1>([11], 2), tensor<tf.Rank.R1>([11], 3).abs(), tensor<tf.Rank.R1>([11], 4), tensor<tf.Rank.R1>([11], 5)),
};

const onOne: Record<string, Uint8Array> = {};

function bytesOf(compute: () => tf.Tensor): Uint8Array {
  const result = tf.tidy(compute);
  const { buffer, byteOffset, byteLength } = result.dataSync();
  result.dispose();
  return new Uint8Array(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);
}

beforeAll(async () => {
  registerWasmTrainingKernels();
  await tf.setBackend('wasm');
  for (const [name, compute] of Object.entries(CASES)) onOne[name] = bytesOf(compute);
  registerThreadedBackend(THREADS);
  await tf.setBackend('wasm');
});
afterAll(() => tf.removeBackend('wasm'));

describe('with threads', () => {
  it.each(Object.entries(CASES))('%s is what it is without, to the bit', (name, compute) => {
    const before = tf.memory().numTensors;
    expect(Buffer.compare(bytesOf(compute), onOne[name] as Uint8Array)).toBe(0);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('a kernel that fails in a thread is an error, and the next one runs', () => {
    const backend = tf.backend() as BackendWasm;
    const beyond = 2 ** 32 - 16;
    const first = backend.getMemoryOffset(tensor([32]).dataId);
    const squareRoots = (at: (from: number) => number): void => inParts(backend, 'squareRoot', { size: 24, worthwhile: 1 }, (from, count) => [at(from), at(from), count]);
    expect(() => squareRoots((from) => (from === 0 ? first : beyond))).toThrow(/squareRoot failed in a thread/);
    expect(() => squareRoots((from) => first + 4 * from)).not.toThrow();
  });
});

it('a process with threads ends by itself', async () => {
  const engine = fileURLToPath(new URL('../src/index.ts', import.meta.url));
  const code = `import { loadEngine } from ${JSON.stringify(engine)}; const { tf } = await loadEngine('wasm', { threads: 2 }); process.stdout.write(String(tf.ones([500, 500]).matMul(tf.ones([500, 500])).sum().dataSync()[0]));`;
  const { stdout } = await execa(process.execPath, ['--conditions=@ganzoo/source', '--import', import.meta.resolve('tsx'), '--input-type=module', '--eval', code], { timeout: 60_000 });
  expect(stdout).toBe(String(500 ** 3));
});
