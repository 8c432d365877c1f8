import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { differences, tensor } from './support/compare.js';

/** Every kernel of ours against plain JavaScript's, to 1e-4 of the largest number. */
const onGpu = (compute: () => tf.Tensor | tf.Tensor[]): Promise<string[]> => differences(compute, 'webgpu');

describe('a product of matrices', () => {
  it.each([
    [[3, 5], [5, 2]],
    [[64, 40], [40, 70]],
    [[1, 9], [9, 1]],
    [[4, 2500], [2500, 3]], // a long sum, in slices
    [[2, 3, 4, 5], [2, 3, 5, 6]],
    [[100, 17], [17, 33]],
    [[68, 100], [100, 132]], // read in fours, over several tiles
    [[8, 2052], [2052, 24]],
  ])('of %j and %j, either of them transposed', async (a, b) => {
    const last = (shape: number[]): number[] => [...shape.slice(0, -2), ...shape.slice(-2).reverse()];
    expect(
      await onGpu(() => [
        tf.matMul(tensor(a, 1), tensor(b, 2)),
        tf.matMul(tensor(last(a), 1), tensor(b, 2), true),
        tf.matMul(tensor(a, 1), tensor(last(b), 2), false, true),
        tf.matMul(tensor(last(a), 1), tensor(last(b), 2), true, true),
      ]),
    ).toEqual([]);
  });

  it('of batches that are broadcast', async () => { // which plain JavaScript gets wrong
    await tf.setBackend('webgpu');
    const products = tf.tidy(() => {
      const [a, b] = [tensor([2, 1, 4, 5], 1), tensor([3, 5, 6], 2)];
      return [tf.matMul(a, b), tf.matMul(tf.tile(a, [1, 3, 1, 1]), tf.tile(tf.reshape(b, [1, 3, 5, 6]), [2, 1, 1, 1]))] as const;
    });
    const [broadcast, repeated] = await Promise.all(products.map((product) => product.data()));
    expect(broadcast).toEqual(repeated);
    tf.dispose([...products]);
  });

  it('with bias and activation', async () => {
    const [a, b] = [() => tensor<tf.Rank.R2>([3, 5]), () => tensor<tf.Rank.R2>([5, 4], 2)];
    expect(
      await onGpu(() => [
        tf.fused.matMul({ a: a(), b: b(), bias: tensor([4], 3), activation: 'relu' }),
        tf.fused.matMul({ a: a(), b: b(), activation: 'leakyrelu', leakyreluAlpha: 0.1 }),
        tf.fused.matMul({ a: a(), b: b(), bias: tensor([4], 3), activation: 'prelu', preluActivationWeights: tensor([4], 4) }),
      ]),
    ).toEqual([]);
  });

  it('of integers that a cast has called floats', async () => {
    expect(
      await onGpu(() => {
        const whole = (shape: [number, number]): tf.Tensor => tf.cast(tf.cast(tf.round(tf.mul(tensor(shape), 10)), 'int32'), 'float32');
        return [tf.matMul(whole([3, 4]), tensor([4, 2], 2)), tf.matMul(tensor([2, 3], 2), whole([3, 4])), tf.sum(whole([5, 3]), 0)];
      }),
    ).toEqual([]);
  });

  it('gives the same bits every time, also in slices', async () => {
    await tf.setBackend('webgpu');
    const [a, b] = [tensor<tf.Rank.R2>([8, 9000]), tensor<tf.Rank.R2>([9000, 24], 2)];
    const once = await tf.matMul(a, b).data();
    for (let i = 0; i < 5; i++) expect(await tf.matMul(a, b).data()).toEqual(once);
    tf.dispose([a, b]);
  });
});

/** Image, kernel, stride: height, width, channels; kernel height, width, filters. */
const GEOMETRIES = [
  [[8, 8, 3], [4, 4, 5], 2],
  [[7, 9, 2], [5, 5, 3], 2],
  [[6, 5, 4], [3, 3, 2], 1],
  [[9, 8, 1], [2, 4, 6], 2],
  [[9, 9, 2], [4, 4, 3], 3],
  [[5, 7, 3], [1, 1, 4], 2], // places that no tap reaches
  [[4, 4, 20], [4, 4, 1], 1],
  [[16, 16, 8], [4, 4, 40], 2],
] as const;
const CASES = GEOMETRIES.flatMap(([image, kernel, stride]) => (['same', 'valid', 1] as const).map((padding) => ({ image: [...image], kernel: [...kernel], stride, padding })));

describe('a convolution and both its gradients', () => {
  it.each(CASES)('of $image by $kernel, stride $stride, padding $padding', async ({ image, kernel, stride, padding }) => {
    const [height, width, channels] = image as [number, number, number];
    const [down, across, filters] = kernel as [number, number, number];
    const x = [3, height, width, channels];
    const w = [down, across, channels, filters];
    const rounding = padding === 1 ? 'floor' : undefined;
    const { outShape } = tf.backend_util.computeConv2DInfo(x as [number, number, number, number], w as [number, number, number, number], stride, 1, padding, rounding);
    const convolve = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, padding, 'NHWC', 1, rounding);
    expect(
      await onGpu(() => {
        const [dx, dw] = tf.grads((a, b) => convolve(a, b))([tensor(x, 1), tensor(w, 2)], tensor(outShape, 3));
        return [convolve(tensor(x, 1), tensor(w, 2)), dx as tf.Tensor, dw as tf.Tensor];
      }),
    ).toEqual([]);
  });

  it('with holes in the kernel', async () => {
    expect(await onGpu(() => tf.conv2d(tensor<tf.Rank.R4>([2, 9, 8, 3]), tensor<tf.Rank.R4>([3, 2, 3, 4], 2), 1, 'same', 'NHWC', [2, 3]))).toEqual([]);
  });

  it('with bias and activation', async () => {
    const [x, filter] = [() => tensor<tf.Rank.R4>([2, 6, 5, 3]), () => tensor<tf.Rank.R4>([3, 3, 3, 4], 2)];
    expect(await onGpu(() => tf.fused.conv2d({ x: x(), filter: filter(), strides: 2, pad: 'same', bias: tensor([4], 3), activation: 'leakyrelu', leakyreluAlpha: 0.2 }))).toEqual([]);
  });
});
