import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { course, type OneWeight } from './support/one-weight.js';

it('a replayed run leaves no tensor behind, and no memory of the GPU that grows', async () => {
  const before = tf.memory().numTensors;
  const spec: OneWeight = { loss: (w, { random }) => tf.mul(w, tf.sum(random.normal([3]))) };
  await course(spec, 5, true);
  expect(tf.memory().numTensors, 'after a traced run').toBe(before);
  const { bufferManager } = tf.backend() as unknown as { bufferManager: { getNumUsedBuffers(): number } };
  const used = bufferManager.getNumUsedBuffers();
  await course(spec, 50, true);
  expect(bufferManager.getNumUsedBuffers()).toBe(used);
  expect(tf.memory().numTensors).toBe(before);
  await course({ loss: (w, { random }) => tf.mul(w, random.uniformNumber(1, 2)) }, 5, true); // refused by the second recording
  expect(tf.memory().numTensors).toBe(before);
});
