import type {
  DepthwiseConv2dNativeBackpropFilterAttrs, DepthwiseConv2dNativeBackpropInputAttrs, TensorInfo,
} from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import { addressOf, type KernelCall } from './backend.js';
import { zeros } from './pool.js';
import { simdOf } from './simd.js';

type Shape4D = [number, number, number, number];

/** dy: [n, outHeight, outWidth, in * multiplier], filter: [kh, kw, in, multiplier]; returns [n, height, width, in]. */
export function depthwiseBackpropInput(
  { inputs, attrs, backend }: KernelCall<'dy' | 'filter', DepthwiseConv2dNativeBackpropInputAttrs>,
): TensorInfo {
  const { dy, filter } = inputs;
  const { strides, dilations, pad, dimRoundingMode, inputShape } = attrs;
  const info = tf.backend_util.computeConv2DInfo(
    inputShape, filter.shape as Shape4D, strides, dilations, pad, dimRoundingMode, true,
  );
  const dx = zeros(backend, inputShape);
  simdOf(backend).depthwiseToInput(
    addressOf(backend, dx), addressOf(backend, dy), addressOf(backend, filter), ...geometryOf(info),
  );
  return dx;
}

/** x: [n, height, width, in], dy: [n, outHeight, outWidth, in * multiplier]; returns [kh, kw, in, multiplier]. */
export function depthwiseBackpropFilter(
  { inputs, attrs, backend }: KernelCall<'x' | 'dy', DepthwiseConv2dNativeBackpropFilterAttrs>,
): TensorInfo {
  const { x, dy } = inputs;
  const { strides, dilations, pad, dimRoundingMode, filterShape } = attrs;
  const info = tf.backend_util.computeConv2DInfo(
    x.shape as Shape4D, filterShape, strides, dilations, pad, dimRoundingMode, true,
  );
  const dw = zeros(backend, filterShape);
  simdOf(backend).depthwiseToFilter(
    addressOf(backend, dw), addressOf(backend, dy), addressOf(backend, x), ...geometryOf(info),
  );
  return dw;
}

function geometryOf(info: tf.backend_util.Conv2DInfo): number[] {
  return [
    info.batchSize, info.inHeight, info.inWidth, info.inChannels, info.outChannels / info.inChannels, info.outHeight, info.outWidth,
    info.filterHeight, info.filterWidth, info.strideHeight, info.strideWidth, info.dilationHeight, info.dilationWidth,
    info.padInfo.top, info.padInfo.left,
  ];
}
