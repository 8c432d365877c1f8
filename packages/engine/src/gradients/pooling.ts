import * as tf from '@tensorflow/tfjs';
import { linear } from './linear.js';
import type { Correction } from './registry.js';

type Pair = [number, number];
type Padding = 'same' | 'valid' | number;
interface PoolAttrs {
  readonly filterSize: Pair | number;
  readonly strides: Pair | number;
  readonly pad: Padding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

export const pooling: readonly Correction[] = [
  {
    kernelName: 'AvgPool',
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attrs) => {
      const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as PoolAttrs;
      return {
        x: () =>
          linear(dy, {
            constants: () => [x as tf.Tensor],
            apply: (dy, [x]) => averagedBack(dy, x as tf.Tensor4D, attrs),
            adjoint: (ddx) => tf.avgPool(ddx as tf.Tensor4D, filterSize, strides, pad, dimRoundingMode),
          }),
      };
    },
  },
  {
    kernelName: 'MaxPool',
    inputsToSave: ['x'],
    outputsToSave: [true],
    gradFunc: (dy, [x, y], attrs) => ({
      x: () =>
        linear(dy, {
          constants: () => [x, y] as tf.Tensor[],
          apply: (dy, [input, output]) => tf.engine().runKernel('MaxPoolGrad', { dy, input, output } as tf.NamedTensorMap, attrs) as tf.Tensor,
          adjoint: (ddx, [x, y]) => atMaxima(ddx as tf.Tensor4D, x as tf.Tensor4D, y as tf.Tensor4D, attrs),
        }),
    }),
  },
];

function infoOf(x: tf.Tensor4D, attrs: tf.NamedAttrMap): tf.backend_util.Conv2DInfo {
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as PoolAttrs;
  return tf.backend_util.computePool2DInfo(x.shape, filterSize, strides, 1, pad, dimRoundingMode);
}

/**
 * The adjoint of an average over windows. At a border it is over the pixels inside only; some engines' kernels divide by
 * the whole window there, so it is taken as the gradient of an average over the padded image, weighted to make up for it.
 */
function averagedBack(dy: tf.Tensor, x: tf.Tensor4D, attrs: tf.NamedAttrMap): tf.Tensor {
  const info = infoOf(x, attrs);
  const { top, bottom, left, right } = info.padInfo;
  const kernel = (dy: tf.Tensor, input: tf.Tensor): tf.Tensor =>
    tf.engine().runKernel('AvgPoolGrad', { dy, input }, { ...attrs, pad: 'valid' }) as tf.Tensor;
  if (top + bottom + left + right === 0) return kernel(dy, x);
  const padded = tf.zeros([info.batchSize, info.inHeight + top + bottom, info.inWidth + left + right, info.inChannels]);
  return tf.slice(kernel(tf.mul(dy, borderWeights(info)), padded), [0, top, left, 0], x.shape);
}

/** Size of the window by the pixels of it that are inside: [1, outHeight, outWidth, 1]. */
function borderWeights(info: tf.backend_util.Conv2DInfo): tf.Tensor {
  const inside = (out: number, stride: number, before: number, size: number, length: number): number[] =>
    Array.from({ length: out }, (_, i) => Math.min(i * stride - before + size, length) - Math.max(i * stride - before, 0));
  const rows = inside(info.outHeight, info.strideHeight, info.padInfo.top, info.filterHeight, info.inHeight);
  const columns = inside(info.outWidth, info.strideWidth, info.padInfo.left, info.filterWidth, info.inWidth);
  const size = info.filterHeight * info.filterWidth;
  return tf.tensor(rows.flatMap((row) => columns.map((column) => size / (row * column))), [1, rows.length, columns.length, 1]);
}

/** Takes from each window the value at the place of x's maximum (the first one): the adjoint of max pooling's gradient. */
function atMaxima(values: tf.Tensor4D, x: tf.Tensor4D, y: tf.Tensor4D, attrs: tf.NamedAttrMap): tf.Tensor {
  const info = infoOf(x, attrs);
  const { top, bottom, left, right } = info.padInfo;
  const pads: [Pair, Pair, Pair, Pair] = [[0, 0], [top, bottom], [left, right], [0, 0]];
  const [all, marks] = [tf.pad(values, pads), tf.pad(x, pads, Number.NEGATIVE_INFINITY)];
  let taken: tf.Tensor = tf.zerosLike(y);
  let open: tf.Tensor = tf.onesLike(y);
  for (let row = 0; row < info.filterHeight; row++) {
    for (let column = 0; column < info.filterWidth; column++) {
      const [endRow, endColumn] = [row + (info.outHeight - 1) * info.strideHeight + 1, column + (info.outWidth - 1) * info.strideWidth + 1];
      const seen = (image: tf.Tensor): tf.Tensor =>
        tf.stridedSlice(image, [0, row, column, 0], [info.batchSize, endRow, endColumn, info.inChannels], [1, info.strideHeight, info.strideWidth, 1]);
      const hit = tf.mul(tf.cast(tf.equal(seen(marks), y), 'float32'), open);
      taken = tf.add(taken, tf.mul(hit, seen(all)));
      open = tf.sub(open, hit);
    }
  }
  return taken;
}
