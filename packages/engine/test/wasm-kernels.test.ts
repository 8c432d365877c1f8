import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { registerWasmTrainingKernels } from '../src/wasm/index.js';
import { differences, tensor, wrongNumbers } from './support/compare.js';

registerWasmTrainingKernels();

describe('matMul', () => {
  const sizes = [
    [1, 1, 1], [3, 5, 2], [4, 8, 8], [7, 300, 9], [64, 100, 65], [1, 70, 33], [33, 70, 1], [130, 513, 3], [5, 1030, 260],
  ] as const;
  const orders = [[false, false], [true, false], [false, true], [true, true]] as const;
  const cases = sizes.flatMap((size) => orders.map((order) => [...size, ...order] as const));

  test.each(cases)('of %i x %i and %i columns, transposed %s and %s, is that of plain JavaScript', async (m, k, n, transposeA, transposeB) => {
    const a = transposeA ? [k, m] : [m, k];
    const b = transposeB ? [n, k] : [k, n];
    expect(await differences(() => tf.matMul(tensor(a, 1), tensor(b, 2), transposeA, transposeB))).toEqual([]);
  });

  test.each(orders)('takes batches that broadcast, transposed %s and %s', async (transposeA, transposeB) => {
    const a = transposeA ? [5, 3] : [3, 5];
    const b = transposeB ? [4, 5] : [5, 4];
    const found = await differences(() => [
      tf.matMul(tensor([6, ...a], 1), tensor([6, ...b], 2), transposeA, transposeB),
      tf.matMul(tensor([1, ...a], 1), tensor([6, ...b], 2), transposeA, transposeB),
      tf.matMul(tensor([2, 3, ...a], 1), tensor([2, 3, ...b], 2), transposeA, transposeB),
    ]);
    expect(found).toEqual([]);
  });

  test('has the gradients of plain JavaScript', async () => {
    const loss = (a: tf.Tensor, b: tf.Tensor): tf.Scalar => tf.sum(tf.square(tf.matMul(a, b)));
    expect(await differences(() => tf.grads(loss)([tensor([6, 11], 1), tensor([11, 9], 2)]))).toEqual([]);
  });

  test.each(['linear', 'relu', 'sigmoid', 'elu', 'relu6', 'leakyrelu'] as const)('fuses with bias and %s', async (activation) => {
    const found = await differences(() => {
      const [a, b, bias] = [tensor([6, 11], 1), tensor([11, 9], 2), tensor([9], 3)];
      return tf.fused.matMul({ a, b, transposeA: false, transposeB: false, bias, activation, leakyreluAlpha: 0.3 });
    });
    expect(found).toEqual([]);
  });
});

describe('einsum', () => {
  test.each([
    ['ij,jk->ik', [3, 4], [4, 5]],
    ['bij,bjk->bik', [2, 3, 4], [2, 4, 5]],
    ['bhqd,bhkd->bhqk', [2, 3, 4, 5], [2, 3, 6, 5]],
    ['abc,cd->dab', [2, 3, 4], [4, 5]],
    ['ij,ij->', [3, 4], [3, 4]],
    ['i,j->ij', [3], [4]],
    ['ij->j', [3, 4]],
    ['ijk->ki', [3, 4, 2]],
    ['ij,ik->k', [3, 4], [3, 5]],
  ] as [string, number[], number[]?][])('%s is that of plain JavaScript', async (equation, ...shapes) => {
    expect(await differences(() => tf.einsum(equation, ...shapes.filter((shape) => shape !== undefined).map((shape, i) => tensor(shape, i + 1))))).toEqual([]);
  });
});

describe('a fused convolution', () => {
  test.each(['linear', 'relu', 'sigmoid', 'elu', 'relu6', 'leakyrelu'] as const)('adds its bias and applies %s', async (activation) => {
    const found = await differences(() => {
      const [x, filter, bias] = [tensor<tf.Rank.R4>([2, 6, 7, 3], 1), tensor<tf.Rank.R4>([3, 3, 3, 5], 2), tensor([5], 3)];
      return tf.fused.conv2d({ x, filter, strides: 2, pad: 'same', bias, activation, leakyreluAlpha: 0.3 });
    });
    expect(found).toEqual([]);
  });

  test('may be dilated', async () => {
    const found = await differences(() => {
      const [x, filter] = [tensor<tf.Rank.R4>([2, 9, 8, 3], 1), tensor<tf.Rank.R4>([3, 2, 3, 5], 2)];
      return [tf.conv2d(x, filter, 1, 'same', 'NHWC', 2), tf.conv2d(x, filter, 1, 'valid', 'NHWC', [2, 3])];
    });
    expect(found).toEqual([]);
  });
});

describe('reductions', () => {
  const shapes = [[7], [5, 6], [3, 17, 18], [4, 3, 5, 33], [2, 1, 3, 64], [1, 130, 1, 2], [2, 3, 2, 3, 4]];
  const cases = shapes.flatMap((shape) =>
    subsetsOf(shape.length).map((axes) => [shape, axes] as const),
  );

  test.each(cases)('of %j over axes %j are those of plain JavaScript', async (shape, axes) => {
    const found = await differences(() => {
      const x = tensor(shape);
      return [tf.sum(x, axes), tf.mean(x, axes, true), tf.max(x, axes), tf.min(x, axes, true)];
    });
    expect(found).toEqual([]);
  });

  test.each(cases)('of %j over axes %j have the gradients of plain JavaScript, and gradients of those', async (shape, axes) => {
    const found = await differences(() => {
      const loss = (reduce: typeof tf.sum) => (x: tf.Tensor): tf.Tensor => tf.sum(tf.square(reduce(tf.square(x), axes)));
      const penalty = (reduce: typeof tf.sum) => (x: tf.Tensor): tf.Tensor => tf.sum(tf.square(tf.grad(loss(reduce))(x)));
      return [tf.sum, tf.mean].flatMap((reduce) => [tf.grad(loss(reduce))(tensor(shape)), tf.grad(penalty(reduce))(tensor(shape))]);
    });
    expect(found).toEqual([]);
  });

  test('have the gradients of the textbook: d/dx sum(mean(x)^2) = 2 mean(x) / n, and its own derivative', async () => {
    await tf.setBackend('wasm');
    const loss = (x: tf.Tensor): tf.Scalar => tf.sum(tf.square(tf.mean(x, 1)));
    const penalty = (x: tf.Tensor): tf.Scalar => tf.sum(tf.square(tf.grad(loss)(x)));
    const [first, second, ofSum] = tf.tidy(() => {
      const x = tf.tensor2d([1, 2, 6, -1, 0, 4], [2, 3]);
      return [tf.grad(loss)(x), tf.grad(penalty)(x), tf.grad((y: tf.Tensor) => tf.sum(tf.square(tf.sum(y, 0))))(x)].map((g) => [...g.dataSync()]);
    }) as [number[], number[], number[]];
    expect(wrongNumbers(first, [2, 2, 2, 2 / 3, 2 / 3, 2 / 3])).toEqual([]);
    // The penalty is the sum over rows of 4 mean^2 / 3, whose slope is 8 mean / 9.
    expect(wrongNumbers(second, [8 / 3, 8 / 3, 8 / 3, 8 / 9, 8 / 9, 8 / 9])).toEqual([]);
    expect(wrongNumbers(ofSum, [0, 4, 20, 0, 4, 20])).toEqual([]);
  });

  test('take integers and booleans too', async () => {
    const found = await differences(() => {
      const x = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3], 'int32');
      return [tf.sum(x, 0), tf.mean(x, 1), tf.max(x), tf.min(x, [0]), tf.sum(tf.greater(x, 3))];
    });
    expect(found).toEqual([]);
  });

  test('of a million equal numbers lose no digits', async () => {
    await tf.setBackend('wasm');
    const sums = tf.tidy(() => {
      const x = tf.mul(tf.ones([2 ** 20]), 0.1);
      return [tf.sum(x), tf.sum(tf.reshape(x, [-1, 2]), 0)].flatMap((sum) => [...sum.dataSync()]);
    });
    const tenth = Math.fround(0.1);
    expect(wrongNumbers(sums, [2 ** 20 * tenth, 2 ** 19 * tenth, 2 ** 19 * tenth], 1e-6)).toEqual([]);
  });
});

function subsetsOf(rank: number): number[][] {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  return Array.from({ length: 2 ** rank - 1 }, (_, bits) => axes.filter((axis) => ((bits + 1) >> axis) & 1));
}

describe('rearrangements', () => {
  const image = [3, 6, 7, 5];

  test.each([
    ['a slice', () => tf.slice(tensor(image), [1, 0, 2, 1], [2, 6, 3, 2])],
    ['a slice of booleans', () => tf.slice(tf.greater(tensor(image), 0), [0, 1, 2, 1], [3, 4, 3, 3])],
    ['an empty slice', () => tf.slice(tensor([4, 3]), [1, 0], [0, 3])],
    ['a strided slice', () => tf.stridedSlice(tensor(image), [0, 1, 0, 0], [3, 6, 7, 5], [2, 2, 3, 1])],
    ['a strided slice backwards', () => tf.stridedSlice(tensor(image), [2, 5, 6, 4], [0, 0, 1, 0], [-1, -2, -2, -1])],
    ['a reversal', () => tf.reverse(tensor(image), [1, 3])],
    ['a reversal of all axes', () => tf.reverse(tensor([3, 4, 5]))],
    ['a tile', () => tf.tile(tensor([2, 1, 3]), [2, 4, 3])],
    ['a tile of integers', () => tf.tile(tf.tensor2d([1, 2, 3, 4], [2, 2], 'int32'), [1, 3])],
    ['a broadcast', () => tf.broadcastTo(tensor([1, 6, 1, 5]), image)],
    ['a concatenation of the first axis', () => tf.concat([tensor(image, 1), tensor([1, 6, 7, 5], 2)], 0)],
    ['a concatenation of the last axis', () => tf.concat([tensor(image, 1), tensor([3, 6, 7, 2], 2)], -1)],
    ['a stack', () => tf.stack([tensor([3, 4], 1), tensor([3, 4], 2)], 1)],
    ['depth to space', () => tf.depthToSpace(tensor<tf.Rank.R4>([2, 3, 5, 12]), 2)],
    ['a pad', () => tf.pad(tensor(image), [[0, 1], [2, 0], [1, 1], [0, 3]], 2)],
    ['a mirrored pad', () => tf.mirrorPad(tensor(image), [[0, 0], [1, 2], [2, 1], [0, 0]], 'reflect')],
    ['a clone', () => tf.clone(tensor(image))],
    ['a gather of rows', () => tf.gather(tensor([5, 3, 2]), tf.tensor1d([4, 0, 0, 2], 'int32'))],
    ['a gather inside', () => tf.gather(tensor([5, 4, 2]), tf.tensor2d([3, 0, 1, 1], [2, 2], 'int32'), 1)],
    ['an enlargement', () => tf.image.resizeNearestNeighbor(tensor<tf.Rank.R4>(image), [12, 21])],
    ['an uneven resize', () => tf.image.resizeNearestNeighbor(tensor<tf.Rank.R4>(image), [8, 5])],
    ['a resize to the corners', () => tf.image.resizeNearestNeighbor(tensor<tf.Rank.R4>(image), [12, 14], true)],
  ] as const)('%s is that of plain JavaScript', async (_, compute) => {
    expect(await differences(compute)).toEqual([]);
  });

  test.each(permutationsOf([0, 1, 2, 3]))('a transpose to axes %i, %i, %i, %i is that of plain JavaScript', async (...order) => {
    expect(await differences(() => [tf.transpose(tensor(image), order), tf.transpose(tensor([9, 1, 8, 13]), order)])).toEqual([]);
  });

  test('splits and unstacks give every part', async () => {
    const found = await differences(() => [
      ...tf.split(tensor(image), [1, 2, 4], 2), ...tf.split(tensor(image), 3, 0), ...tf.unstack(tensor([3, 4, 2]), 1),
    ]);
    expect(found).toEqual([]);
  });

  test('a gather beyond the end is refused and names the index', async () => {
    await tf.setBackend('wasm');
    expect(() => tf.gather(tensor([5, 3]), tf.tensor1d([4, 5], 'int32'))).toThrow(/index 5 is not in \[0, 4\]/);
  });

  test.each([
    ['slice', (x: tf.Tensor) => tf.slice(x, [1, 0, 2, 1], [2, 6, 3, 2])],
    ['pad', (x: tf.Tensor) => tf.pad(x, [[0, 0], [1, 2], [0, 1], [0, 0]])],
    ['concat', (x: tf.Tensor) => tf.concat([x, tf.square(x)], 3)],
    ['split', (x: tf.Tensor) => tf.split(x, [2, 5], 2)[1] as tf.Tensor],
    ['transpose', (x: tf.Tensor) => tf.transpose(x, [0, 3, 1, 2])],
    ['tile', (x: tf.Tensor) => tf.tile(x, [1, 2, 2, 1])],
    ['reverse', (x: tf.Tensor) => tf.reverse(x, 2)],
    ['gather', (x: tf.Tensor) => tf.gather(x, tf.tensor1d([2, 0, 2], 'int32'))],
    ['gather inside', (x: tf.Tensor) => tf.gather(x, tf.tensor1d([4, 0, 4], 'int32'), 1)],
  ] as const)('the gradient of %s is that of plain JavaScript', async (_, rearranged) => {
    expect(await differences(() => tf.grad((x: tf.Tensor) => tf.sum(tf.square(rearranged(x))))(tensor(image)))).toEqual([]);
  });
});

/** Where plain JavaScript itself is wrong, the definition is the reference: of a linear f with gradient g, <dy, f(x)> = <g(dy), x>. */
describe('gradients that plain JavaScript gets wrong', () => {
  const shape = [3, 6, 7, 5];

  test.each([
    ['an enlargement', (x: tf.Tensor) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [12, 21])],
    ['an uneven resize', (x: tf.Tensor) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [9, 5])],
    ['a bilinear resize', (x: tf.Tensor) => tf.image.resizeBilinear(x as tf.Tensor4D, [9, 14])],
    ['a padded average over 2', (x: tf.Tensor) => tf.avgPool(x as tf.Tensor4D, 2, 1, 'same')],
    ['a padded average over 3', (x: tf.Tensor) => tf.avgPool(x as tf.Tensor4D, 3, 2, 'same')],
  ] as const)('%s has the one that its linearity demands', async (_, linear) => {
    await tf.setBackend('wasm');
    const inner = (a: tf.Tensor, b: tf.Tensor): number => tf.sum(tf.mul(a, b)).dataSync()[0] as number;
    const [forward, backward] = tf.tidy(() => {
      const x = tensor(shape, 1);
      const y = linear(x);
      const dy = tensor(y.shape, 2);
      return [inner(dy, y), inner(tf.grad(linear)(x, dy), x)];
    }) as [number, number];
    expect(backward).toBeCloseTo(forward, 3);
  });

  test('a strided slice that drops an axis takes the row it was asked for', async () => {
    await tf.setBackend('wasm');
    const row = tf.tidy(() => [...tf.stridedSlice(tf.reshape(tf.range(0, 20), [4, 5]), [1, 0], [2, 5], [1, 2], 0, 0, 0, 0, 1).dataSync()]);
    expect(row).toEqual([5, 7, 9]);
  });
});

function permutationsOf(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) => permutationsOf(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}

describe('element by element', () => {
  const shapes = [
    [[3, 6, 7], [3, 6, 7]], [[3, 6, 7], [7]], [[3, 6, 7], [1, 6, 1]], [[5], [3, 1]], [[2, 19], []], [[], [2, 19]], [[1], [1]],
  ] as const;

  test.each(shapes)('comparisons, extremes and arithmetic of %j with %j are those of plain JavaScript', async (first, second) => {
    const found = await differences(() => {
      // Steps of a quarter, so that some numbers are equal.
      const a = tf.div(tf.round(tf.mul(tensor(first, 1), 4)), 4);
      const b = tf.div(tf.round(tf.mul(tensor(second, 2), 4)), 4);
      return [
        tf.greater(a, b), tf.greaterEqual(a, b), tf.less(a, b), tf.lessEqual(a, b), tf.equal(a, b), tf.notEqual(a, b),
        tf.maximum(a, b), tf.minimum(a, b), tf.add(a, b), tf.mul(a, b), tf.sub(a, b), tf.div(a, tf.add(b, 3)),
        tf.squaredDifference(a, b),
      ];
    });
    expect(found).toEqual([]);
  });

  test.each(shapes)('a choice between %j and %j is that of plain JavaScript', async (first, second) => {
    expect(await differences(() => tf.where(tf.greater(tensor(first, 3), 0), tensor(first, 1), tensor(second, 2)))).toEqual([]);
  });

  test('integers are compared too', async () => {
    const found = await differences(() => {
      const [a, b] = [tf.tensor1d([1, 2, 3], 'int32'), tf.tensor1d([3, 2, 1], 'int32')];
      return [tf.greater(a, b), tf.equal(a, b), tf.maximum(a, b), tf.where(tf.less(a, b), a, b)];
    });
    expect(found).toEqual([]);
  });

  const functions = {
    relu: tf.relu, relu6: tf.relu6, elu: tf.elu, selu: tf.selu, sigmoid: tf.sigmoid, tanh: tf.tanh, softplus: tf.softplus,
    exp: tf.exp, expm1: tf.expm1, square: tf.square, abs: tf.abs, neg: tf.neg, sign: tf.sign, step: tf.step,
    leakyRelu: (x: tf.Tensor) => tf.leakyRelu(x, 0.2),
    clip: (x: tf.Tensor) => tf.clipByValue(x, -0.5, 0.25),
    sqrt: (x: tf.Tensor) => tf.sqrt(tf.add(x, 7)),
    rsqrt: (x: tf.Tensor) => tf.rsqrt(tf.add(x, 7)),
    log: (x: tf.Tensor) => tf.log(tf.add(x, 7)),
    log1p: (x: tf.Tensor) => tf.log1p(tf.abs(x)),
    pow: (x: tf.Tensor) => tf.pow(tf.abs(x), 3),
    softmax: (x: tf.Tensor) => tf.softmax(x),
    logSoftmax: (x: tf.Tensor) => tf.logSoftmax(x),
    prelu: (x: tf.Tensor) => tf.prelu(x, tensor([11], 4)),
    norm: (x: tf.Tensor) => tf.norm(x, 2, 1),
  };

  test.each(Object.entries(functions))('%s and its gradient are those of plain JavaScript', async (_, compute) => {
    const found = await differences(() => {
      const x = tf.mul(tensor([5, 11]), 6);
      return [compute(x), tf.grad((y: tf.Tensor) => tf.sum(tf.square(compute(y))))(x)];
    });
    expect(found).toEqual([]);
  });

  test('exp and tanh keep seven digits at every size, and go to their limits', async () => {
    await tf.setBackend('wasm');
    const x = [-1e4, -104, -87.5, -20, -1, -0.6251, -0.6249, -1e-3, -1e-20, 0, 1e-20, 1e-3, 0.3, 0.624, 0.626, 1, 9, 20, 88.5, 89.5, 1e4];
    const [exp, tanh] = tf.tidy(() => [tf.exp(x), tf.tanh(x)].map((y) => [...y.dataSync()])) as [number[], number[]];
    x.forEach((value, i) => {
      const [e, t] = [Math.fround(Math.exp(Math.fround(value))), Math.tanh(Math.fround(value))];
      expect(Math.abs((tanh[i] as number) - t)).toBeLessThanOrEqual(3e-7 * Math.abs(t));
      expect(exp[i] === e || Math.abs((exp[i] as number) - e) <= 3e-7 * e + 3e-45).toBe(true);
    });
    expect(tf.tidy(() => [...tf.tanh([NaN, Infinity, -Infinity]).dataSync()])).toEqual([NaN, 1, -1]);
    expect(tf.tidy(() => [...tf.exp([NaN, Infinity, -Infinity]).dataSync()])).toEqual([NaN, Infinity, 0]);
  });
});

describe('normalization', () => {
  test.each([[[6, 5]], [[4, 3, 5, 9]], [[2, 3, 3, 64]]])('by batch statistics of %j is that of plain JavaScript, with its gradients', async (shape) => {
    const channels = shape.at(-1) as number;
    const normalized = (x: tf.Tensor, offset: tf.Tensor, scale: tf.Tensor): tf.Tensor => {
      const { mean, variance } = tf.moments(x, shape.slice(1).map((_, axis) => axis));
      return tf.batchNorm(x, mean as tf.Tensor1D, variance as tf.Tensor1D, offset as tf.Tensor1D, scale as tf.Tensor1D, 1e-3);
    };
    const loss = (...inputs: tf.Tensor[]): tf.Scalar =>
      tf.sum(tf.mul(tensor(shape, 4), normalized(...(inputs as [tf.Tensor, tf.Tensor, tf.Tensor]))));
    const found = await differences(() => {
      const inputs = [tensor(shape, 1), tensor([channels], 2), tensor([channels], 3)] as const;
      return [normalized(...inputs), ...tf.grads(loss)([...inputs])];
    });
    expect(found).toEqual([]);
  });

  test('without scale and offset, or with statistics of the full shape, is that of plain JavaScript', async () => {
    const found = await differences(() => {
      const x = tensor<tf.Rank.R4>([2, 3, 4, 5], 1);
      const statistic = (seed: number): tf.Tensor4D => tf.add(tensor<tf.Rank.R4>([2, 3, 4, 5], seed), 2);
      return [tf.batchNorm(x, tensor<tf.Rank.R1>([5], 2), tf.mul(tf.ones<tf.Rank.R1>([5]), 0.5)), tf.batchNorm(x, statistic(2), statistic(3))];
    });
    expect(found).toEqual([]);
  });

  test('by instance statistics has the gradient of plain JavaScript', async () => {
    const loss = (x: tf.Tensor): tf.Scalar => {
      const { mean, variance } = tf.moments(x, [1, 2], true);
      return tf.sum(tf.mul(tensor([3, 5, 4, 7], 4), tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-3)))));
    };
    expect(await differences(() => tf.grad(loss)(tensor([3, 5, 4, 7])))).toEqual([]);
  });
});

describe('pooling', () => {
  const cases = [1, 2, 3].flatMap((size) =>
    [1, 2, 3].flatMap((stride) => (['same', 'valid'] as const).map((pad) => [size, stride, pad] as const)),
  );

  test.each(cases)('of size %i, stride %i, %s, and its gradients are those of plain JavaScript', async (size, stride, pad) => {
    const average = (x: tf.Tensor): tf.Tensor => tf.avgPool(x as tf.Tensor4D, size, stride, pad);
    const largest = (x: tf.Tensor): tf.Tensor => tf.maxPool(x as tf.Tensor4D, size, stride, pad);
    const gradient = (pool: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor): tf.Tensor =>
      tf.grad((y: tf.Tensor) => tf.sum(tf.square(pool(y))))(x);
    const found = await differences(() => {
      const x = tensor([2, 7, 6, 5]);
      return [average(x), largest(x), ...(pad === 'valid' ? [gradient(average, x)] : []), gradient(largest, x)];
    });
    expect(found).toEqual([]);
  });

  test('gives the gradient of equal maxima to the first', async () => {
    const gradient = (): tf.Tensor => tf.grad((x: tf.Tensor) => tf.sum(tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid')))(tf.ones([1, 4, 4, 3]));
    expect(await differences(gradient)).toEqual([]);
  });
});

describe('arithmetic of large maps', () => {
  const operations = { add: tf.add, sub: tf.sub, mul: tf.mul, div: tf.div } as const;
  const shapes = {
    'two of one shape': [[301, 67, 7], [301, 67, 7]],
    'a map and one number': [[301, 67, 7], [1, 1]],
    'one number and a map': [[], [301, 67, 7]],
    'a map and a row': [[301, 67, 7], [7]],
    'a map and rows of two axes': [[301, 67, 7], [1, 67, 7]],
    'a row and a map': [[7], [301, 67, 7]],
    'a map and a row in front of its last axis, which the stock kernel spreads': [[301, 67, 7], [67, 1]],
    'two that spread each other': [[301, 1, 67], [301, 7, 1]],
    'rows of two lengths': [[67, 7], [301, 1, 7]],
  } as const;
  const cases = Object.keys(operations).flatMap((operation) => Object.keys(shapes).map((what) => [operation as keyof typeof operations, what as keyof typeof shapes] as const));

  test.each(cases)('%s of %s is that of plain JavaScript', async (operation, what) => {
    const [a, b] = shapes[what];
    // No divisor near zero: what is divided differs in the last bit.
    expect(await differences(() => operations[operation](tensor(a, 1), tf.add(tensor(b, 2), 2)))).toEqual([]);
  });

  test('squares and masks are those of plain JavaScript', async () => {
    expect(await differences(() => [tf.square(tensor([301, 67, 7])), tf.cast(tf.greater(tensor([301, 67, 7]), 0), 'float32'), tf.cast(tf.greater(tensor([5]), 0), 'int32')])).toEqual([]);
  });

  test('whole numbers stay whole', async () => {
    const whole = (seed: number): tf.Tensor => tf.cast(tf.mul(tensor([301, 67, 7], seed), 9), 'int32');
    expect(await differences(() => [tf.add(whole(1), whole(2)), tf.mul(whole(1), whole(2)), tf.square(whole(1))])).toEqual([]);
  });
});
