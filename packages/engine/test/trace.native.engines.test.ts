import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { course, type OneWeight } from './support/one-weight.js';
import { course as courseOfPair, type Pair } from './support/pair.js';

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
