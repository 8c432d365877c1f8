import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { registerWasmTrainingKernels } from '../src/wasm/index.js';
import { differences, numbers, tensor, wrongNumbers } from './support/compare.js';

registerWasmTrainingKernels();

type Pad = 'same' | 'valid' | number | tf.backend_util.ExplicitPadding;

/** n, height, width, in, out, kernel height, kernel width, stride down, stride across, padding. */
type Case = [number, number, number, number, number, number, number, number, number, Pad];

/** Every kernel size with every stride and padding, over sizes, channels and batches that are odd, even, one, and beyond a tile. */
function grid(): Case[] {
  const cases: Case[] = [];
  const channels = [[1, 1], [3, 8], [8, 5], [9, 13], [2, 1]] as const;
  const sizes = [[5, 7], [6, 6], [9, 5], [8, 11]] as const;
  let i = 0;
  for (const kernel of [1, 2, 3, 4, 5]) {
    for (const stride of [1, 2, 3]) {
      for (const pad of ['same', 'valid'] as const) {
        for (let repeat = 0; repeat < 2; repeat++, i++) {
          const [height, width] = sizes[i % sizes.length]!;
          const [inChannels, outChannels] = channels[i % channels.length]!;
          cases.push([1 + (i % 3), height, width, inChannels, outChannels, kernel, kernel, stride, stride, pad]);
        }
      }
    }
  }
  return [
    ...cases,
    [2, 7, 6, 3, 4, 3, 2, 1, 2, 'same'],
    [2, 6, 9, 9, 10, 1, 5, 3, 1, 'valid'],
    [1, 5, 5, 8, 3, 5, 5, 1, 1, 'valid'],
    [3, 16, 16, 16, 24, 4, 4, 2, 2, 'same'],
    [2, 12, 12, 70, 66, 3, 3, 1, 1, 'same'],
    [5, 9, 9, 1, 20, 4, 4, 2, 2, 'same'],
    [1, 8, 8, 12, 9, 1, 1, 1, 1, 'same'],
    [2, 9, 9, 5, 6, 2, 2, 3, 3, 'valid'],
  ];
}

/** Paddings in numbers, which gradients of TensorFlow.js's own refuse but its kernels take; some cut dy on one side. */
const NUMBERED: Case[] = [
  [2, 6, 6, 8, 4, 3, 3, 1, 1, 1],
  [2, 7, 7, 9, 4, 3, 3, 2, 2, 1],
  [1, 6, 5, 2, 4, 3, 3, 2, 2, 1],
  [2, 6, 6, 8, 4, 2, 2, 2, 2, [[0, 0], [1, 1], [1, 1], [0, 0]]],
  [2, 7, 8, 8, 3, 4, 4, 2, 2, [[0, 0], [2, 1], [0, 3], [0, 0]]],
  [1, 5, 5, 9, 9, 1, 1, 1, 1, 2],
  [2, 5, 6, 10, 2, 2, 2, 1, 1, 3],
  [2, 1, 1, 9, 4, 1, 1, 3, 3, 1],
];

describe.each([...grid(), ...NUMBERED])(
  'a convolution of [%i, %i, %i, %i] to %i channels, kernel %ix%i, stride %i, %i, padding %j',
  (n, height, width, inChannels, outChannels, kernelHeight, kernelWidth, strideDown, strideAcross, pad) => {
    const inputShape = [n, height, width, inChannels] as [number, number, number, number];
    const filterShape = [kernelHeight, kernelWidth, inChannels, outChannels] as [number, number, number, number];
    const strides: [number, number] = [strideDown, strideAcross];
    const rounding = typeof pad === 'number' ? 'floor' : undefined;
    const { outShape } = tf.backend_util.computeConv2DInfo(inputShape, filterShape, strides, 1, pad, rounding);
    const attrs = { strides, pad, dataFormat: 'NHWC', dimRoundingMode: rounding } as unknown as tf.NamedAttrMap;
    const run = (kernel: string, inputs: Record<string, tf.Tensor>, more: object): tf.Tensor =>
      tf.engine().runKernel(kernel, inputs, { ...attrs, ...more });

    test('is the same as in plain JavaScript, forward and backward', async () => {
      const found = await differences(() => {
        const x = tensor(inputShape, 1);
        const filter = tensor(filterShape, 2);
        const dy = tensor(outShape, 3);
        return [
          run('Conv2D', { x, filter }, { dilations: [1, 1] }),
          run('Conv2DBackpropInput', { dy, filter }, { inputShape }),
          run('Conv2DBackpropFilter', { x, dy }, { filterShape }),
        ];
      });
      expect(found).toEqual([]);
    });
  },
);

describe('gradients of gradients of a convolution', () => {
  const penalty = (stride: number) => (x: tf.Tensor, filter: tf.Tensor): tf.Scalar => {
    const score = (image: tf.Tensor): tf.Scalar =>
      tf.sum(tf.square(tf.conv2d(image as tf.Tensor4D, filter as tf.Tensor4D, stride, 'same')));
    return tf.sum(tf.square(tf.grad(score)(x)));
  };

  test.each([1, 2, 3])('are the same as in plain JavaScript for stride %i', async (stride) => {
    const found = await differences(() => tf.grads(penalty(stride))([tensor([2, 6, 6, 3], 1), tensor([4, 4, 3, 5], 2)]));
    expect(found).toEqual([]);
  });

  test('agree with central differences', async () => {
    await tf.setBackend('wasm');
    const step = 1e-2;
    const filter = numbers([3, 3, 2, 3], 2);
    const at = (values: number[]): number =>
      tf.tidy(() => penalty(2)(tensor([1, 5, 5, 2], 1), tf.tensor(values, [3, 3, 2, 3])).dataSync()[0] as number);
    const gradient = tf.tidy(() => {
      const [, wrt] = tf.grads(penalty(2))([tensor([1, 5, 5, 2], 1), tf.tensor(filter, [3, 3, 2, 3])]);
      return [...(wrt as tf.Tensor).dataSync()];
    });
    const slopes = filter.map((value, i) => (at(filter.with(i, value + step)) - at(filter.with(i, value - step))) / (2 * step));
    expect(wrongNumbers(gradient, slopes, 2e-3)).toEqual([]);
  });

  test('work through a transposed convolution', async () => {
    const penaltyOfTransposed = (x: tf.Tensor, filter: tf.Tensor): tf.Scalar => {
      const score = (image: tf.Tensor): tf.Scalar =>
        tf.sum(tf.square(tf.conv2dTranspose(image as tf.Tensor4D, filter as tf.Tensor4D, [2, 8, 8, 3], 2, 'same')));
      return tf.sum(tf.square(tf.grad(score)(x)));
    };
    const found = await differences(() => tf.grads(penaltyOfTransposed)([tensor([2, 4, 4, 9], 1), tensor([4, 4, 3, 9], 2)]));
    expect(found).toEqual([]);
  });
});

describe('a depthwise convolution', () => {
  test.each([
    [3, 1, 4, 1, 'same'],
    [3, 2, 5, 1, 'same'],
    [2, 1, 3, 2, 'valid'],
    [3, 3, 9, 3, 'valid'],
    [4, 2, 4, 2, 'same'],
    [1, 1, 1, 1, 'valid'],
  ] as const)(
    'of kernel %i, stride %i, %i channels times %i, %s, has the gradients of plain JavaScript',
    async (kernel, stride, channels, multiplier, pad) => {
      const inputShape = [2, 7, 6, channels] as [number, number, number, number];
      const filterShape = [kernel, kernel, channels, multiplier] as [number, number, number, number];
      const strides: [number, number] = [stride, stride];
      const dilations: [number, number] = [1, 1];
      const { outShape } = tf.backend_util.computeConv2DInfo(inputShape, filterShape, strides, dilations, pad, undefined, true);
      const found = await differences(() => {
        const [x, filter, dy] = [tensor(inputShape, 1), tensor(filterShape, 2), tensor(outShape, 3)];
        const attrs = { strides, dilations, pad };
        return [
          tf.engine().runKernel('DepthwiseConv2dNativeBackpropInput', { dy, filter }, { ...attrs, inputShape }) as tf.Tensor,
          tf.engine().runKernel('DepthwiseConv2dNativeBackpropFilter', { x, dy }, { ...attrs, filterShape }) as tf.Tensor,
        ];
      });
      expect(found).toEqual([]);
    },
  );

  // Plain JavaScript's gradients leave dilation out, so the definition is the reference: <dy, conv(x, w)> = <dx, x> = <dw, w>.
  test('that is dilated has the gradients that its linearity demands', async () => {
    await tf.setBackend('wasm');
    const [inputShape, filterShape] = [[2, 9, 8, 5], [3, 3, 5, 2]];
    const attrs = { strides: [1, 1], dilations: [2, 2], pad: 'same' };
    const inner = (a: tf.Tensor, b: tf.Tensor): number => tf.sum(tf.mul(a, b)).dataSync()[0] as number;
    const products = tf.tidy(() => {
      const [x, filter, dy] = [tensor<tf.Rank.R4>(inputShape, 1), tensor<tf.Rank.R4>(filterShape, 2), tensor([2, 9, 8, 10], 3)];
      const y = tf.depthwiseConv2d(x, filter, 1, 'same', 'NHWC', 2);
      const dx = tf.engine().runKernel('DepthwiseConv2dNativeBackpropInput', { dy, filter }, { ...attrs, inputShape }) as tf.Tensor;
      const dw = tf.engine().runKernel('DepthwiseConv2dNativeBackpropFilter', { x, dy }, { ...attrs, filterShape }) as tf.Tensor;
      return [inner(dy, y), inner(dx, x), inner(dw, filter)] as const;
    });
    expect(products[1]).toBeCloseTo(products[0], 3);
    expect(products[2]).toBeCloseTo(products[0], 3);
  });
});

test('images in NCHW are refused by name', async () => {
  await tf.setBackend('wasm');
  const filter = tensor([3, 3, 2, 2]);
  const dy = tensor([1, 2, 4, 4]);
  const attrs = { strides: [1, 1], pad: 'same', dataFormat: 'NCHW', inputShape: [1, 2, 4, 4] };
  expect(() => tf.engine().runKernel('Conv2DBackpropInput', { dy, filter }, attrs)).toThrow(/NHWC/);
});
