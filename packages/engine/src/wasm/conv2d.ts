import type { Conv2DAttrs, FusedConv2DAttrs, TensorInfo } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import { activated } from '../fused-activation.js';
import { addressOf, dispose, reshaped, sizeOf, type BackendWasm, type KernelCall } from './backend.js';
import { multiply } from './gemm.js';
import { simdOf } from './simd.js';
import { copyView, dense } from './strided.js';

export type ConvInfo = tf.backend_util.Conv2DInfo;
export type Shape4D = [number, number, number, number];

/** What all kernels of a convolution are told about it. */
interface Geometry {
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dilations?: [number, number] | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** Sizes, strides and padding of a convolution, worked out. Throws for images that are not NHWC. */
export function convInfoOf(kernel: string, inputShape: readonly number[], filterShape: readonly number[], geometry: Geometry): ConvInfo {
  const { strides, pad, dataFormat, dilations = 1, dimRoundingMode } = geometry;
  if (dataFormat !== 'NHWC') throw new Error(`${kernel} on wasm takes images in NHWC, not ${dataFormat}.`);
  return tf.backend_util.computeConv2DInfo(
    inputShape as Shape4D, filterShape as Shape4D, strides, dilations, pad, dimRoundingMode, false,
  );
}

/** x: [n, height, width, in], filter: [kh, kw, in, out]; returns [n, outHeight, outWidth, out]. */
export function conv2D({ inputs, attrs, backend }: KernelCall<'x' | 'filter', Conv2DAttrs>): TensorInfo {
  const { x, filter } = inputs;
  return convolve(backend, x, filter, convInfoOf('Conv2D', x.shape, filter.shape, attrs as Geometry));
}

/** The same with a bias and an activation after it. */
export function fusedConv2D(
  { inputs, attrs, backend }: KernelCall<'x' | 'filter', FusedConv2DAttrs> & {
    readonly inputs: { readonly bias?: TensorInfo; readonly preluActivationWeights?: TensorInfo };
  },
): TensorInfo {
  const { x, filter, bias, preluActivationWeights } = inputs;
  const y = convolve(backend, x, filter, convInfoOf('FusedConv2D', x.shape, filter.shape, attrs as Geometry));
  return activated(['wasm', backend], y, bias, attrs.activation, { alpha: attrs.leakyreluAlpha, slopes: preluActivationWeights });
}

function convolve(backend: BackendWasm, x: TensorInfo, filter: TensorInfo, info: ConvInfo): TensorInfo {
  const { batchSize, outHeight, outWidth, outChannels, filterHeight, filterWidth, inChannels } = info;
  const padded = withZeros(backend, x, paddingOf(info));
  const [, height, width] = padded.shape as Shape4D;
  const row = width * inChannels;
  const y = backend.makeOutput(info.outShape, 'float32');
  multiply(backend, {
    sizes: { m: [batchSize, outHeight, outWidth], n: [1, 1, outChannels], k: [filterHeight, filterWidth, inChannels] },
    a: {
      tensor: padded,
      along: {
        k: [info.dilationHeight * row, info.dilationWidth * inChannels, 1],
        m: [height * row, info.strideHeight * row, info.strideWidth * inChannels],
      },
    },
    b: { tensor: filter, along: { k: denseAlong(filterHeight, filterWidth, inChannels, outChannels), n: [0, 0, 1] } },
    c: { tensor: y, along: { m: denseAlong(batchSize, outHeight, outWidth, outChannels), n: [0, 0, 1] } },
  });
  dispose(backend, padded);
  return y;
}

/** Strides along the first three axes of a dense tensor of four. */
export function denseAlong(_first: number, second: number, third: number, fourth: number): [number, number, number] {
  return [second * third * fourth, third * fourth, fourth];
}

/** Zeros around images, in rows and columns; less than none cuts rows and columns off. */
export interface Padding {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** The zeros that output pixels reach into. (TensorFlow.js miscounts the columns where a kernel is not square and its padding a number.) */
export function paddingOf(info: ConvInfo): Padding {
  const { top, left } = info.padInfo;
  const reachDown = (info.outHeight - 1) * info.strideHeight + info.effectiveFilterHeight;
  const reachAcross = (info.outWidth - 1) * info.strideWidth + info.effectiveFilterWidth;
  return { top, left, bottom: Math.max(0, reachDown - info.inHeight - top), right: Math.max(0, reachAcross - info.inWidth - left) };
}

/** Images [n, h, w, c] with zeros around them. */
export function withZeros(backend: BackendWasm, x: TensorInfo, { top, bottom, left, right }: Padding): TensorInfo {
  const [batch, height, width, channels] = x.shape as Shape4D;
  if (top === 0 && bottom === 0 && left === 0 && right === 0) return reshaped(backend, x, x.shape);
  const shape = [batch, height + top + bottom, width + left + right, channels];
  const out = backend.makeOutput(shape, 'float32');
  if (top > 0 || bottom > 0 || left > 0 || right > 0) simdOf(backend).fillWords(addressOf(backend, out), 0, sizeOf(shape));
  const [to, from] = [dense(out), dense(x)];
  const rows = height + Math.min(0, top) + Math.min(0, bottom);
  const columns = width + Math.min(0, left) + Math.min(0, right);
  if (rows <= 0 || columns <= 0) return out;
  copyView(
    backend,
    [batch, rows, columns, channels],
    { ...to, offset: (Math.max(0, top) * (width + left + right) + Math.max(0, left)) * channels },
    { ...from, offset: (Math.max(0, -top) * width + Math.max(0, -left)) * channels },
  );
  return out;
}
