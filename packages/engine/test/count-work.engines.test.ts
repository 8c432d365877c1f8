import { countWork, type Work } from '@ganzoo/engine';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

/** Two operations for every product that is added up; the borders of a padded convolution count as full. */
describe('countWork', () => {
  const workOf = (work: () => tf.TensorContainer): Promise<Work> => countWork(async () => tf.dispose(tf.tidy(work)));
  const flopsOf = async (work: () => tf.TensorContainer): Promise<number> => (await workOf(work)).flops;

  it('counts a matrix product [3, 4] x [4, 5], also transposed', async () => {
    expect(await flopsOf(() => tf.matMul(tf.ones([3, 4]), tf.ones([4, 5])))).toBe(2 * 3 * 5 * 4);
    expect(await flopsOf(() => tf.matMul(tf.ones([4, 3]), tf.ones([5, 4]), true, true))).toBe(2 * 3 * 5 * 4);
  });

  it('counts a convolution of stride 2 and both of its gradients once each', async () => {
    const [x, filter] = [tf.ones([2, 8, 8, 3]) as tf.Tensor4D, tf.ones([4, 4, 3, 5]) as tf.Tensor4D];
    const once = 2 * (2 * 4 * 4 * 5) * (4 * 4 * 3);
    const loss = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 2, 'same');
    expect(await flopsOf(() => loss(x, filter))).toBe(once);
    expect(await flopsOf(() => tf.grads(loss)([x, filter]))).toBe(3 * once);
    tf.dispose([x, filter]);
  });

  it('counts what is computed twice from the same values once, and anew when a value has changed', async () => {
    const [x, w] = [tf.ones([3, 4]), tf.variable(tf.ones([4, 5]))];
    const once = 2 * 3 * 5 * 4;
    const twice = (): tf.Tensor[] => [1, 2].map(() => tf.matMul(tf.relu(tf.matMul(x, w)), tf.ones([5, 7])));
    expect(await flopsOf(twice)).toBe(once + 2 * (2 * 3 * 7 * 5)); // the second operand is made anew
    const around = (change: () => unknown): Promise<number> =>
      flopsOf(() => {
        const before = tf.matMul(x, w);
        change();
        return [before, tf.matMul(x, w)];
      });
    expect(await around(() => undefined)).toBe(once);
    expect(await around(() => tf.clone(x)), 'of which somebody takes a clone between').toBe(once);
    expect(await around(() => w.assign(tf.add(w, 1)))).toBe(2 * once);
    const bothWays = (): tf.Tensor[] => [[1, 12], [12, 1]].map((shape) => tf.matMul(tf.reshape(x, shape), tf.reshape(x, shape), true));
    expect(await flopsOf(bothWays), 'the same values in other shapes').toBe(2 * 12 * 12 * 1 + 2 * 1 * 1 * 12);
    tf.dispose([x, w]);
  });

  it('counts the bytes of operands and results, and none for another shape', async () => {
    const [x, y] = [tf.ones([3, 4]), tf.ones([4])];
    expect((await workOf(() => tf.add(x, y))).bytes).toBe(4 * (12 + 4 + 12));
    expect((await workOf(() => tf.add(tf.reshape(x, [12]), 1))).bytes).toBe(4 * (12 + 1 + 12));
    expect((await workOf(() => tf.greater(x, y))).bytes).toBe(4 * (12 + 4) + 12); // a bool has one byte
    tf.dispose([x, y]);
  });

  it('leaves the engine as it was, also after an error', async () => {
    const failing = countWork(() => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(Object.hasOwn(tf.engine(), 'runKernel')).toBe(false);
  });
});
