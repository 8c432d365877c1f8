import { countFlops } from '@ganzoo/engine';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

/** Two operations for every product that is added up; the borders of a padded convolution count as full. */
describe('countFlops', () => {
  const flopsOf = (work: () => tf.TensorContainer): Promise<number> => countFlops(async () => tf.dispose(tf.tidy(work)));

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

  it('leaves the engine as it was, also after an error', async () => {
    const failing = countFlops(() => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(Object.hasOwn(tf.engine(), 'runKernel')).toBe(false);
  });
});
