import type { AvgPoolGradAttrs, MaxPoolGradAttrs, TensorInfo } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import { addressOf, sizeOf, type BackendWasm, type KernelCall } from './backend.js';
import { simdOf } from './simd.js';

type Shape4D = [number, number, number, number];

/** dy: [n, outHeight, outWidth, c]; returns [n, height, width, c]. */
export function avgPoolGrad({ inputs, attrs, backend }: KernelCall<'dy' | 'input', AvgPoolGradAttrs>): TensorInfo {
  const { dy, input } = inputs;
  const info = tf.backend_util.computePool2DInfo(input.shape as Shape4D, attrs.filterSize, attrs.strides, 1, attrs.pad);
  const dx = zeros(backend, input.shape);
  simdOf(backend).averagePoolGradient(
    addressOf(backend, dx), addressOf(backend, dy),
    info.batchSize, info.inHeight, info.inWidth, info.inChannels, info.outHeight, info.outWidth,
    info.filterHeight, info.filterWidth, info.strideHeight, info.strideWidth, info.padInfo.top, info.padInfo.left,
  );
  return dx;
}

/** Where several inputs of a window are largest, the first one gets the gradient. */
export function maxPoolGrad({ inputs, attrs, backend }: KernelCall<'dy' | 'input' | 'output', MaxPoolGradAttrs>): TensorInfo {
  const { dy, input } = inputs;
  const { filterSize, strides, pad, dimRoundingMode } = attrs;
  const info = tf.backend_util.computePool2DInfo(input.shape as Shape4D, filterSize, strides, 1, pad, dimRoundingMode);
  const dx = zeros(backend, input.shape);
  simdOf(backend).maxPoolGradient(
    addressOf(backend, dx), addressOf(backend, input), addressOf(backend, dy),
    info.batchSize, info.inHeight, info.inWidth, info.inChannels, info.outHeight, info.outWidth,
    info.filterHeight, info.filterWidth, info.strideHeight, info.strideWidth, info.dilationHeight, info.dilationWidth,
    info.padInfo.top, info.padInfo.left,
  );
  return dx;
}

/** A tensor to add to. */
export function zeros(backend: BackendWasm, shape: readonly number[]): TensorInfo {
  const out = backend.makeOutput([...shape], 'float32');
  simdOf(backend).fillWords(addressOf(backend, out), 0, sizeOf(shape));
  return out;
}
