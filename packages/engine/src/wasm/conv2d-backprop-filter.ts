import type { Conv2DBackpropFilterAttrs, TensorInfo } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import { addressOf, dispose, reshaped, sizeOf, type BackendWasm, type KernelCall } from './backend.js';
import { multiply } from './gemm.js';
import { simdOf } from './simd.js';
import { copyView, dense } from './strided.js';

type ConvInfo = tf.backend_util.Conv2DInfo;

/**
 * Gradient of a convolution with respect to its filter: every tap with its channel against every output channel, summed over all
 * output pixels. Along a row of the kernel taps and channels lie side by side in x, so each row is one matrix product of x and dy
 * as they lie in memory.
 * x: [n, height, width, in], dy: [n, outHeight, outWidth, out]; returns [kh, kw, in, out].
 */
export function conv2DBackpropFilter(
  { inputs, attrs, backend }: KernelCall<'x' | 'dy', Conv2DBackpropFilterAttrs>,
): TensorInfo {
  const { x, dy } = inputs;
  const { strides, pad, dimRoundingMode, filterShape } = attrs;
  const info = tf.backend_util.computeConv2DInfo(
    x.shape as [number, number, number, number], filterShape, strides, 1, pad, dimRoundingMode, false,
    tf.backend_util.convertConv2DDataFormat(attrs.dataFormat),
  );
  if (info.dataFormat !== 'channelsLast') throw new Error('Conv2DBackpropFilter on wasm takes NHWC images only.');
  const { batchSize, outHeight, outWidth, outChannels, strideHeight, strideWidth, filterHeight, filterWidth, inChannels } = info;
  const padded = paddedInput(backend, x, info);
  const [, height, width] = padded.shape as [number, number, number, number];
  const row = width * inChannels;
  const tapsInRow = filterWidth * inChannels;
  const dw = backend.makeOutput([...filterShape], 'float32');
  for (let tapRow = 0; tapRow < filterHeight; tapRow++) {
    multiply(
      backend, dw, [tapsInRow, outChannels], [batchSize, outHeight, outWidth],
      { tensor: padded, offset: tapRow * row, summed: [height * row, strideHeight * row, strideWidth * inChannels], kept: 1 },
      { tensor: dy, summed: [outHeight * outWidth * outChannels, outWidth * outChannels, outChannels], kept: 1 },
      tapRow * tapsInRow * outChannels,
    );
  }
  dispose(backend, padded);
  return dw;
}

/** x with the zeros that the convolution put around it. */
function paddedInput(backend: BackendWasm, x: TensorInfo, info: ConvInfo): TensorInfo {
  const { batchSize, inHeight, inWidth, inChannels, padInfo } = info;
  const { top, bottom, left, right } = padInfo;
  if (top + bottom + left + right === 0) return reshaped(backend, x, x.shape);
  const shape = [batchSize, inHeight + top + bottom, inWidth + left + right, inChannels];
  const padded = backend.makeOutput(shape, 'float32');
  simdOf(backend).fillWords(addressOf(backend, padded), 0, sizeOf(shape));
  const target = dense(padded);
  const offset = (top * (inWidth + left + right) + left) * inChannels;
  copyView(backend, x.shape, { ...target, offset }, dense(x));
  return padded;
}
