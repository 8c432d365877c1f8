import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OptimizerConfig } from '@ganzoo/core';
import { asOneCall } from './support/as-one-call.js';
import { course, type OneWeight } from './support/one-weight.js';
import { course as courseOfPair, type Pair } from './support/pair.js';
import { eagerUpdates, tracedUpdates } from './support/traced-updates.js';

/** Of tracing, what concerns TensorFlow alone, and reading at once, which WebGPU cannot do in Node. */
describe('a move that reads a tensor on the host is refused by name, and the run goes on eagerly with the right numbers', () => {
  it('a loss that reads a tensor on the host', async () => {
    const spec: OneWeight = { loss: (w) => (((w.dataSync()[0] as number) > 1e9 ? tf.neg(w) : w.neg()) as tf.Scalar) };
    const { values, refusal } = await course(spec, 5, true);
    expect(values).toEqual([1, 2, 3, 4, 5]);
    expect(refusal).toMatch(/reads a tensor on the host/);
  });

  it('when one of them cannot be traced, the others still are, and nothing is left behind', async () => {
    const before = tf.memory().numTensors;
    const reads: Pair = { generatorLoss: ({ critic, generator }) => ((critic.dataSync()[0] as number) > 1e9 ? generator : tf.neg(tf.mul<tf.Scalar>(generator, critic))) };
    const { us, ws, averages, untraced, calls } = await courseOfPair(reads, 5, { emaDecay: 0.5 });
    expect(us).toEqual([1, 2, 3, 4, 5]);
    expect(ws).toEqual([1, 3, 6, 10, 15]);
    expect(averages).toEqual([0.5, 1.75, 3.875, 6.9375, 10.96875]);
    expect(untraced).toEqual({ 'critic + generator': expect.stringMatching(/on the host/) as string, generator: expect.stringMatching(/on the host/) as string });
    expect(calls).toBe(1);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('tracing leaves nothing behind', () => {
  const usual = process.env.TMPDIR;
  let folder = ''; // of our own: other processes trace, too
  beforeEach(() => void (process.env.TMPDIR = folder = mkdtempSync(path.join(tmpdir(), 'ganzoo-test-'))));
  afterEach(() => {
    if (usual === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = usual;
    rmSync(folder, { recursive: true, force: true });
  });

  it('no tensor, no folder, no graph', async () => {
    const before = tf.memory().numTensors;
    const backend = tf.backend() as unknown as { getNumOfSavedModels(): number; getNumOfTFTensors(): number };
    const [models, handles] = [backend.getNumOfSavedModels(), backend.getNumOfTFTensors()];
    await course({ loss: (w, { random }) => tf.mul(w, tf.sum(random.normal([3]))) }, 5, true);
    expect(tf.memory().numTensors, 'after a traced run').toBe(before);
    await course({ loss: (w) => (((w.dataSync()[0] as number) > 1e9 ? tf.neg(w) : w.neg()) as tf.Scalar) }, 5, true); // refused
    expect(tf.memory().numTensors, 'after a move that could not be recorded').toBe(before);
    await course({ loss: (w, { random }) => tf.mul(w, random.uniformNumber(1, 2)) }, 5, true); // refused by the second recording
    expect(tf.memory().numTensors).toBe(before);
    expect(readdirSync(folder)).toEqual([]);
    expect(backend.getNumOfSavedModels()).toBe(models);
    expect(backend.getNumOfTFTensors()).toBe(handles);
  });
});

describe('a traced move has every bit of the same operations one by one', () => {
  const SIDE = 32;
  // Not powers of two: with those most rewritten terms round alike.
  const terms: Record<string, (x: tf.Tensor, y: tf.Tensor, scalar: tf.Tensor) => tf.Tensor> = {
    '(x + s) - .7': (x, _, scalar) => tf.sub(tf.add(x, scalar), 0.7),
    '(x + s) - .7, with a reshape between that changes nothing': (x, _, scalar) => tf.sub(tf.reshape(tf.add(x, scalar), [SIDE, SIDE]), 0.7),
    '(x + s) - 1, by onesLike': (x, _, scalar) => tf.sub(tf.add(x, scalar), tf.onesLike(x)),
    'x + s + .7, by addN': (x, _, scalar) => tf.addN([x, tf.mul(scalar, tf.onesLike(x)), tf.mul(tf.ones([SIDE, SIDE]), 0.7)]),
    '(x s) .7': (x, _, scalar) => tf.mul(tf.mul(x, scalar), 0.7),
    '(x s) (1.4 / 1.7)': (x, _, scalar) => tf.mul(tf.mul(x, scalar), tf.div(tf.scalar(1.4), 1.7)),
    '(x s) (s + y mean)': (x, y, scalar) => tf.mul(tf.mul(x, scalar), tf.add(scalar, tf.mean(y))),
    'x / 7': (x) => tf.div(x, 7),
    '1 / x': (x) => tf.div(1, x),
    'x / sqrt(y^2 + .3)': (x, y) => tf.div(x, tf.sqrt(tf.add(tf.square(y), 0.3))),
    '.7 / sqrt(y^2 + .3)': (_, y) => tf.div(0.7, tf.sqrt(tf.add(tf.square(y), 0.3))),
    'log(1 + x^2)': (x) => tf.log(tf.add(1, tf.square(x))),
    'exp(x) - 1': (x) => tf.sub(tf.exp(x), 1),
    'x^3': (x) => tf.pow(x, tf.scalar(3)),
    // TensorFlow knows how to draw these factors out, and does not do it today unless it is told to be aggressive.
    '.7 x + .7 y': (x, y) => tf.add(tf.mul(x, 0.7), tf.mul(y, 0.7)),
    's x + s y': (x, y, scalar) => tf.add(tf.mul(x, scalar), tf.mul(y, scalar)),
    'x / s + y / s': (x, y, scalar) => tf.add(tf.div(x, scalar), tf.div(y, scalar)),
  };
  it.each(Object.entries(terms))('%s', async (_, compute) => {
    const values = [[SIDE, SIDE], [SIDE, SIDE], []].map((shape, seed) => tf.truncatedNormal(shape, 0.9, 0.4, 'float32', seed + 1));
    const variables = values.map((value) => tf.variable(value));
    const [x, y, scalar] = variables as [tf.Variable, tf.Variable, tf.Variable];
    const eagerly = tf.tidy(() => compute(x, y, scalar));
    const [traced] = await asOneCall(variables, () => [compute(x, y, scalar)]);
    expect(traced).toEqual(await eagerly.data());
    tf.dispose([values, variables, eagerly]);
  });

  const optimizers: OptimizerConfig[] = [
    { kind: 'adam', learningRate: 2e-4, beta1: 0.5, beta2: 0.999, weightDecay: 2.5e-5 },
    { kind: 'adam', learningRate: 1e-3, beta1: 0, beta2: 0.99 },
    { kind: 'rmsprop', learningRate: 5e-5, decay: 0.9 },
    { kind: 'sgd', learningRate: 0.1, momentum: 0.9 },
  ];
  it.each(optimizers)('updates of %j', async (config) => {
    const numbers = (seed: number, size: number): number[] => Array.from({ length: size }, (_, i) => Math.sin(12.9898 * (i + 1) + seed));
    const gradients = [1, 2, 3].map((seed) => numbers(seed, 1000).map((value) => value / 37));
    expect(await tracedUpdates(config, numbers(0, 1000), gradients)).toEqual(await eagerUpdates(config, numbers(0, 1000), gradients));
  });
});
