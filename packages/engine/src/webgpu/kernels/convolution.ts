import * as tf from '@tensorflow/tfjs';
import { activated } from '../../fused-activation.js';
import { type KernelCall, runStock } from './kernel.js';
import { multiply, type Product } from './product.js';

/**
 * Convolutions of images [n, h, w, c] by kernels [kh, kw, c, o] and their two gradients, each as a product of matrices whose elements are
 * found in the tensors as they are: nothing is laid out anew.
 */
type ConvInfo = tf.backend_util.Conv2DInfo;

export function conv2D(call: KernelCall<'x' | 'filter', tf.Conv2DAttrs>): tf.TensorInfo {
  const { inputs: { x, filter }, attrs, backend } = call;
  if (attrs.dataFormat !== 'NHWC') return runStock('Conv2D', backend, { x, filter }, attrs as unknown as tf.NamedAttrMap);
  const info = tf.backend_util.computeConv2DInfo(x.shape as Four, filter.shape as Four, attrs.strides, attrs.dilations, attrs.pad, attrs.dimRoundingMode);
  return multiply(backend, forward(info), x, filter);
}

export function fusedConv2D(call: KernelCall<'x' | 'filter', tf.FusedConv2DAttrs> & { readonly inputs: { readonly bias?: tf.TensorInfo; readonly preluActivationWeights?: tf.TensorInfo } }): tf.TensorInfo {
  const { inputs: { bias, preluActivationWeights: slopes }, attrs, backend } = call;
  return activated(['webgpu', backend], conv2D(call), bias, attrs.activation, { alpha: attrs.leakyreluAlpha, slopes });
}

/** Gradient with respect to the images; also the forward pass of a transposed convolution. */
export function conv2DBackpropInput(call: KernelCall<'dy' | 'filter', tf.Conv2DBackpropInputAttrs>): tf.TensorInfo {
  const { inputs: { dy, filter }, attrs, backend } = call;
  if (attrs.dataFormat !== 'NHWC') return runStock('Conv2DBackpropInput', backend, { dy, filter }, attrs as unknown as tf.NamedAttrMap);
  const info = tf.backend_util.computeConv2DInfo(attrs.inputShape, filter.shape as Four, attrs.strides, 1, attrs.pad, attrs.dimRoundingMode);
  return multiply(backend, inputGradient(info), dy, filter);
}

/** Gradient with respect to the kernel. */
export function conv2DBackpropFilter(call: KernelCall<'x' | 'dy', tf.Conv2DBackpropFilterAttrs>): tf.TensorInfo {
  const { inputs: { x, dy }, attrs, backend } = call;
  if (attrs.dataFormat !== 'NHWC') return runStock('Conv2DBackpropFilter', backend, { x, dy }, attrs as unknown as tf.NamedAttrMap);
  const info = tf.backend_util.computeConv2DInfo(x.shape as Four, attrs.filterShape, attrs.strides, 1, attrs.pad, attrs.dimRoundingMode);
  return multiply(backend, filterGradient(info), x, dy);
}

type Four = [number, number, number, number];

/** y[n, i, j, o] = sum over k, l, c of x[n, s i + k - top, s j + l - left, c] w[k, l, c, o]: rows are places, terms are taps and channels. */
function forward(info: ConvInfo): Product {
  const { batchSize, outHeight, outWidth, inChannels, outChannels, filterHeight, filterWidth } = info;
  return {
    key: `conv ${geometry(info)}`,
    m: batchSize * outHeight * outWidth,
    n: outChannels,
    k: filterHeight * filterWidth * inChannels,
    batches: 1,
    outShape: info.outShape,
    a: `fn a(z: i32, m: i32, k: i32) -> f32 { ${imageAt(info, 'm', 'k')} }`,
    b: `fn b(z: i32, k: i32, n: i32) -> f32 { return f32(y[k * ${outChannels} + n]); }`,
    place: `fn place(z: i32, m: i32, n: i32) -> i32 { return m * ${outChannels} + n; }`,
    aAlong: 'k',
    bAlong: 'n',
  };
}

/** dw[k, l, c, o] = sum over n, i, j of x[n, s i + k - top, s j + l - left, c] dy[n, i, j, o]: rows are taps and channels, terms are places. */
function filterGradient(info: ConvInfo): Product {
  const { batchSize, outHeight, outWidth, inChannels, outChannels, filterHeight, filterWidth } = info;
  return {
    key: `dw ${geometry(info)}`,
    m: filterHeight * filterWidth * inChannels,
    n: outChannels,
    k: batchSize * outHeight * outWidth,
    batches: 1,
    outShape: info.filterShape,
    a: `fn a(z: i32, m: i32, k: i32) -> f32 { ${imageAt(info, 'k', 'm')} }`,
    b: `fn b(z: i32, k: i32, n: i32) -> f32 { return f32(y[k * ${outChannels} + n]); }`,
    place: `fn place(z: i32, m: i32, n: i32) -> i32 { return m * ${outChannels} + n; }`,
    aAlong: 'm',
    bAlong: 'n',
  };
}

/**
 * dx[n, s i + k - top, s j + l - left, c] = sum over k, l, o of dy[n, i, j, o] w[k, l, c, o]. A row meets only every s-th tap; rows that meet the same
 * ones, a phase, are a product of their own, so that no term is zero by design.
 */
function inputGradient(info: ConvInfo): Product {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = info;
  const rows = Math.floor((inHeight - 1 + padInfo.top) / strideHeight) + 1;
  const columns = Math.floor((inWidth - 1 + padInfo.left) / strideWidth) + 1;
  const [down, across] = [Math.ceil(filterHeight / strideHeight), Math.ceil(filterWidth / strideWidth)];
  const phase = `let phaseRow = z / ${strideWidth}; let phaseColumn = z % ${strideWidth};`;
  const tap = `let u = k / ${across * outChannels}; let v = (k / ${outChannels}) % ${across}; let o = k % ${outChannels};
    let tapRow = ${strideHeight} * u + phaseRow; let tapColumn = ${strideWidth} * v + phaseColumn;`;
  const place = `let image = m / ${rows * columns}; let i = (m / ${columns}) % ${rows}; let j = m % ${columns};`;
  return {
    key: `dx ${geometry(info)}`,
    m: batchSize * rows * columns,
    n: inChannels,
    k: down * across * outChannels,
    batches: strideHeight * strideWidth,
    outShape: info.inShape,
    a: `fn a(z: i32, m: i32, k: i32) -> f32 {
    ${phase} ${tap} ${place}
    let row = i - u; let column = j - v;
    if (tapRow >= ${filterHeight} || tapColumn >= ${filterWidth} || row < 0 || row >= ${outHeight} || column < 0 || column >= ${outWidth}) { return 0.0; }
    return f32(x[((image * ${outHeight} + row) * ${outWidth} + column) * ${outChannels} + o]);
  }`,
    b: `fn b(z: i32, k: i32, n: i32) -> f32 {
    ${phase} ${tap}
    if (tapRow >= ${filterHeight} || tapColumn >= ${filterWidth}) { return 0.0; }
    return f32(y[((tapRow * ${filterWidth} + tapColumn) * ${inChannels} + n) * ${outChannels} + o]);
  }`,
    place: `fn place(z: i32, m: i32, n: i32) -> i32 {
    ${phase} ${place}
    let row = ${strideHeight} * i + phaseRow - ${padInfo.top}; let column = ${strideWidth} * j + phaseColumn - ${padInfo.left};
    if (row < 0 || row >= ${inHeight} || column < 0 || column >= ${inWidth}) { return -1; }
    return ((image * ${inHeight} + row) * ${inWidth} + column) * ${inChannels} + n;
  }`,
    aAlong: 'k',
    bAlong: 'k',
  };
}

/** WGSL: the images' value that a place of the output and a tap meet, zero beyond the edge. */
function imageAt({ inHeight, inWidth, inChannels, outHeight, outWidth, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo }: ConvInfo, place: string, tap: string): string {
  return `
    let image = ${place} / ${outHeight * outWidth}; let i = (${place} / ${outWidth}) % ${outHeight}; let j = ${place} % ${outWidth};
    let tapRow = ${tap} / ${filterWidth * inChannels}; let tapColumn = (${tap} / ${inChannels}) % ${filterWidth}; let channel = ${tap} % ${inChannels};
    let row = ${strideHeight} * i + ${dilationHeight} * tapRow - ${padInfo.top}; let column = ${strideWidth} * j + ${dilationWidth} * tapColumn - ${padInfo.left};
    if (row < 0 || row >= ${inHeight} || column < 0 || column >= ${inWidth}) { return 0.0; }
    return f32(x[((image * ${inHeight} + row) * ${inWidth} + column) * ${inChannels} + channel]);
  `;
}

/** All that the shaders have written into them. */
function geometry({ inShape, filterShape, outShape, strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo }: ConvInfo): string {
  return [inShape, filterShape, outShape, [strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo.top, padInfo.left]].map((numbers) => numbers.join('x')).join(' ');
}
