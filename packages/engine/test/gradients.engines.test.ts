import { BATCH_NORM_TRAINING } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { correctGradients } from '../src/gradients/index.js';
import { away, type Case, directional, gradientAlong, secondAlong, smooth } from './support/differences.js';

/**
 * Every operation that the networks here use, and what stock TensorFlow.js has wrong: first- and second-order gradients
 * against central differences. f(x) = sum over outputs of c (y + y^2 / 2) makes a linear operation's second order visible too.
 */
const image = smooth([2, 5, 4, 2]);
const matrix = smooth([3, 4]);
const row = smooth([4]);
/** At least .2 from every kink of the operations below. */
const kinked = away([3, 4], [-1, -0.5, 0, 0.5, 1]);
const positive = { shape: [3, 4], values: (u: number) => 1.5 + u };
const distinct = { shape: [2, 5, 4, 2], values: (_: number, i: number) => ((i * 37) % 80) / 8 - 5 }; // a permutation: no ties within .125
const filter = smooth([3, 3, 2, 3]);

const cases: Case[] = [
  ['conv2d, stride 1, same', [image, filter], (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same')],
  ['conv2d, stride 2, same', [image, smooth([4, 4, 2, 3])], (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, 'same')],
  ['conv2d, stride 2, valid', [image, filter], (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, 'valid')],
  ['conv2dTranspose, stride 1', [image, smooth([3, 3, 3, 2])], (x, w) => tf.conv2dTranspose(x as tf.Tensor4D, w as tf.Tensor4D, [2, 5, 4, 3], 1, 'same')],
  ['conv2dTranspose, stride 2', [smooth([2, 3, 2, 2]), smooth([4, 4, 3, 2])], (x, w) => tf.conv2dTranspose(x as tf.Tensor4D, w as tf.Tensor4D, [2, 6, 4, 3], 2, 'same')],
  ['depthwiseConv2d', [image, smooth([3, 3, 2, 1])], (x, w) => tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same')],
  ['matMul', [matrix, smooth([4, 2])], (a, b) => tf.matMul(a, b)],
  ['matMul, both transposed', [smooth([4, 3]), smooth([2, 4])], (a, b) => tf.matMul(a, b, true, true)],
  ['matMul of batches', [smooth([2, 3, 4]), smooth([2, 4, 2])], (a, b) => tf.matMul(a, b)],
  ['add, broadcast', [matrix, row], (a, b) => tf.add(a, b)],
  ['sub, broadcast', [row, matrix], (a, b) => tf.sub(a, b)],
  ['mul, broadcast', [matrix, row], (a, b) => tf.mul(a, b)],
  ['div, broadcast', [matrix, { shape: [3, 1], values: (u) => 1.7 + u }], (a, b) => tf.div(a, b)],
  ['neg', [matrix], (x) => tf.neg(x)],
  ['relu', [kinked], (x) => tf.relu(x)],
  ['relu6', [away([3, 4], [0, 6], 8)], (x) => tf.relu6(x)],
  ['leakyRelu', [kinked], (x) => tf.leakyRelu(x, 0.2)],
  ['leakyRelu that falls below zero', [kinked], (x) => tf.leakyRelu(x, -0.2)],
  ['prelu', [kinked, row], (x, alpha) => tf.prelu(x, alpha)],
  ['elu', [kinked], (x) => tf.elu(x)],
  ['selu', [kinked], (x) => tf.selu(x)],
  ['tanh', [matrix], (x) => tf.tanh(x)],
  ['sigmoid', [matrix], (x) => tf.sigmoid(x)],
  ['swish', [matrix], (x) => tf.mul(x, tf.sigmoid(x))],
  ['softplus', [matrix], (x) => tf.softplus(x)],
  ['exp', [matrix], (x) => tf.exp(x)],
  ['log', [positive], (x) => tf.log(x)],
  ['sqrt', [positive], (x) => tf.sqrt(x)],
  ['rsqrt', [positive], (x) => tf.rsqrt(x)],
  ['square', [matrix], (x) => tf.square(x)],
  ['squaredDifference', [matrix, smooth([3, 4], 1)], (a, b) => tf.squaredDifference(a, b)],
  ['abs', [kinked], (x) => tf.abs(x)],
  ['pow, number', [positive], (x) => tf.pow(x, 3)],
  ['pow, broadcast', [positive, row], (x, y) => tf.pow(x, y)],
  ['mean over the batch', [image], (x) => tf.mean(x, 0)],
  ['mean over all but channels', [image], (x) => tf.mean(x, [0, 1, 2], true)],
  ['sum of all', [image], (x) => tf.sum(x)],
  ['sum, middle axes', [image], (x) => tf.sum(x, [1, 3])],
  ['max', [distinct], (x) => tf.max(x, [1, 2])],
  ['min, kept', [distinct], (x) => tf.min(x, 3, true)],
  ['maximum, broadcast', [kinked, { shape: [4], values: () => 0 }], (a, b) => tf.maximum(a, b)],
  ['minimum, broadcast', [{ shape: [1], values: () => 0.5 }, kinked], (a, b) => tf.minimum(a, b)],
  ['clipByValue', [kinked], (x) => tf.clipByValue(x, -0.5, 0.5)],
  ['where, by comparison', [kinked, matrix], (a, b) => tf.where(tf.greater(a, 0), tf.square(a), b)],
  ['avgPool', [image], (x) => tf.avgPool(x as tf.Tensor4D, 2, 2, 'valid')],
  ['avgPool, padded', [image], (x) => tf.avgPool(x as tf.Tensor4D, 3, 2, 'same')],
  ['maxPool', [distinct], (x) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid')],
  ['maxPool, padded and overlapping', [distinct], (x) => tf.maxPool(x as tf.Tensor4D, 3, 2, 'same')],
  ['resizeNearestNeighbor, doubled', [image], (x) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [10, 8])],
  ['resizeNearestNeighbor, any size', [image], (x) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [7, 3])],
  ['resizeBilinear', [image], (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [8, 3])],
  ['resizeBilinear, half-pixel centers', [image], (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [10, 8], false, true)],
  ['pad', [image], (x) => tf.pad(x, [[0, 0], [1, 2], [2, 1], [0, 0]])],
  ['mirrorPad, reflecting', [image], (x) => tf.mirrorPad(x, [[0, 0], [2, 3], [1, 0], [0, 0]], 'reflect')],
  ['mirrorPad, symmetric', [image], (x) => tf.mirrorPad(x, [[0, 0], [2, 3], [1, 0], [0, 0]], 'symmetric')],
  ['concat', [matrix, smooth([3, 2])], (a, b) => tf.concat([a, b], 1)],
  ['stack', [matrix, smooth([3, 4], 1)], (a, b) => tf.stack([a, b], 1)],
  ['unstack', [image], (x) => tf.mul(...(tf.unstack(x, 3) as [tf.Tensor, tf.Tensor]))],
  ['slice', [image], (x) => tf.slice(x, [0, 1, 1, 0], [2, 3, 2, 1])],
  ['stridedSlice', [image], (x) => tf.stridedSlice(x, [0, 1, 3, 0], [2, 5, 0, 2], [1, 2, -2, 1])],
  ['reshape', [image], (x) => tf.reshape(x, [2, -1])],
  ['transpose', [image], (x) => tf.transpose(x, [3, 0, 2, 1])],
  ['reverse', [image], (x) => tf.reverse(x, [1, 2])],
  ['split', [image], (x) => tf.mul(...(tf.split(x, 2, 3) as [tf.Tensor, tf.Tensor]))],
  ['gather, with repeats', [matrix], (x) => tf.gather(x, tf.tensor1d([2, 0, 2], 'int32'))],
  ['tile', [smooth([2, 1, 3])], (x) => tf.tile(x, [2, 3, 1])],
  ['broadcastTo', [smooth([2, 1, 1, 3])], (x) => tf.broadcastTo(x, [2, 3, 2, 3])],
  ['depthToSpace', [smooth([2, 3, 2, 8])], (x) => tf.depthToSpace(x as tf.Tensor4D, 2)],
  ['softmax', [matrix], (x) => tf.softmax(x)],
  ['logSoftmax', [matrix], (x) => tf.logSoftmax(x)],
  ['norm', [matrix], (x) => tf.norm(x, 'euclidean', 1)],
  ['logSumExp', [matrix], (x) => tf.logSumExp(x, 1)],
  ['batch norm by moments', [image, smooth([2]), smooth([2], 1)], batchNorm],
  ['batch norm of vectors', [smooth([5, 3]), smooth([3]), smooth([3], 1)], batchNorm],
  ['batch norm in training, as one operation where the engine has it', [image, smooth([2]), smooth([2], 1)], batchNormInTraining],
];

function batchNorm(x: tf.Tensor, beta: tf.Tensor, gamma: tf.Tensor): tf.Tensor {
  const { mean, variance } = tf.moments(x, x.shape.slice(0, -1).map((_, axis) => axis));
  return tf.batchNorm(x as tf.Tensor4D, mean as tf.Tensor1D, variance as tf.Tensor1D, beta as tf.Tensor1D, gamma as tf.Tensor1D, 1e-2);
}

function batchNormInTraining(x: tf.Tensor, offset: tf.Tensor, scale: tf.Tensor): tf.Tensor {
  if (!tf.getKernel(BATCH_NORM_TRAINING, tf.getBackend())) return batchNorm(x, offset, scale);
  return (tf.engine().runKernel(BATCH_NORM_TRAINING, { x, scale, offset }, { epsilon: 1e-2 }) as tf.Tensor[])[0] as tf.Tensor;
}

describe('gradients equal finite differences', () => {
  it.each(cases)('of %s: first order', async (_, inputs, operation) => {
    const { expected, scale } = await directional(inputs, operation, 'value');
    expect(Math.abs((await gradientAlong(inputs, operation)) - expected) / scale).toBeLessThan(2e-4);
  });

  it.each(cases)('of %s: second order', async (_, inputs, operation) => {
    const { expected, scale } = await directional(inputs, operation, 'gradient');
    expect(Math.abs((await secondAlong(inputs, operation)) - expected) / scale).toBeLessThan(2e-4);
  });
});

/** Reads a scalar, and disposes it. */
async function numberOf(scalar: tf.Tensor): Promise<number> {
  const [value] = await scalar.data();
  scalar.dispose();
  return value as number;
}

describe('nested gradients', () => {
  it('of x tanh x at .7: the second derivative is 2 (1 - t^2) (1 - x t) = .7324, which stock TensorFlow.js gives as 1.2695', async () => {
    const f = (x: tf.Tensor): tf.Tensor => tf.mul(x, tf.tanh(x));
    const t = Math.tanh(0.7);
    const second = await numberOf(tf.tidy(() => tf.grad((x) => tf.grad(f)(x))(tf.scalar(0.7))));
    expect(second).toBeCloseTo(2 * (1 - t * t) * (1 - 0.7 * t), 5);
    expect(second).toBeCloseTo(0.7324, 4);
  });

  it('reach the third order: (x tanh x)\'\'\' at .7 and leakyRelu(x)^3', async () => {
    const third = (f: (x: tf.Tensor) => tf.Tensor, x: number): Promise<number> =>
      numberOf(tf.tidy(() => tf.grad((x) => tf.grad((x) => tf.grad(f)(x))(x))(tf.scalar(x))));
    // By hand: with t = tanh x and s = 1 - t^2, (x t)''' = -6 t s - 2 x s (s - 2 t^2).
    const t = Math.tanh(0.7);
    const s = 1 - t * t;
    expect(await third((x) => tf.mul(x, tf.tanh(x)), 0.7)).toBeCloseTo(-6 * t * s - 2 * 0.7 * s * (s - 2 * t * t), 4);
    expect(await third((x) => tf.pow(tf.leakyRelu(x, 0.5), 3), -2)).toBeCloseTo(6 * 0.5 ** 3, 5);
  });

  it('leave no tensors behind', async () => {
    const before = tf.memory().numTensors;
    for (const [, inputs, operation] of cases) await secondAlong(inputs, operation);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('do not change when they are corrected again', async () => {
    correctGradients();
    expect(await numberOf(tf.tidy(() => tf.grad((x) => tf.grad(tf.tanh)(x))(tf.scalar(0.5))))).toBeCloseTo(-2 * Math.tanh(0.5) * (1 - Math.tanh(0.5) ** 2), 5);
  });
});
