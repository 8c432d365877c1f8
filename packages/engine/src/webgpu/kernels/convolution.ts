import * as tf from '@tensorflow/tfjs';
import { activated } from '../../fused-activation.js';
import { type KernelCall, runStock } from './kernel.js';
import { asFloats, multiply, type Operand, type Product, typeOf, widthOf } from './product.js';

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
    a: imageAt(info, { place: 'm', tap: 'k' }),
    b: columnsOf(outChannels),
    place: `fn place(z: u32, m: u32, n: u32) -> u32 { return m * ${outChannels}u + n; }`,
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
    a: imageAt(info, { place: 'k', tap: 'm' }),
    b: columnsOf(outChannels),
    place: `fn place(z: u32, m: u32, n: u32) -> u32 { return m * ${outChannels}u + n; }`,
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
  const width = widthOf(outChannels);
  const phase = `let phaseRow = z / ${strideWidth}u; let phaseColumn = z % ${strideWidth}u;`;
  const tap = `let u = k / ${across * outChannels}u; let v = (k / ${outChannels}u) % ${across}u; let o = k % ${outChannels}u;
    let tapRow = ${strideHeight}u * u + phaseRow; let tapColumn = ${strideWidth}u * v + phaseColumn;`;
  const place = `let image = m / ${rows * columns}u; let i = (m / ${columns}u) % ${rows}u; let j = m % ${columns}u;`;
  const isTap = `tapRow < ${filterHeight}u && tapColumn < ${filterWidth}u`;
  return {
    key: `dx ${geometry(info)}`,
    m: batchSize * rows * columns,
    n: inChannels,
    k: down * across * outChannels,
    batches: strideHeight * strideWidth,
    outShape: info.inShape,
    a: {
      along: 'k',
      width,
      code: `fn a(z: u32, m: u32, k: u32) -> ${typeOf(width)} {
    ${phase} ${tap} ${place}
    let row = i - u; let column = j - v; // below zero they are larger than any size
    ${where(`${isTap} && row < ${outHeight}u && column < ${outWidth}u`, 'x', `((image * ${outHeight}u + row) * ${outWidth}u + column) * ${outChannels}u + o`, width)}
  }`,
    },
    b: {
      along: 'k',
      width,
      code: `fn b(z: u32, k: u32, n: u32) -> ${typeOf(width)} {
    ${phase} ${tap}
    ${where(isTap, 'y', `((tapRow * ${filterWidth}u + tapColumn) * ${inChannels}u + n) * ${outChannels}u + o`, width)}
  }`,
    },
    place: `fn place(z: u32, m: u32, n: u32) -> u32 {
    ${phase} ${place}
    let row = ${strideHeight}u * i + phaseRow - ${padInfo.top}u; let column = ${strideWidth}u * j + phaseColumn - ${padInfo.left}u;
    if (row >= ${inHeight}u || column >= ${inWidth}u) { return NOWHERE; }
    return ((image * ${inHeight}u + row) * ${inWidth}u + column) * ${inChannels}u + n;
  }`,
  };
}

/** The images' values that a place of the output and a tap meet, zero beyond the edge. */
function imageAt<Axis extends 'm' | 'k'>({ inHeight, inWidth, inChannels, outHeight, outWidth, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo }: ConvInfo, { place, tap }: { readonly place: Axis; readonly tap: Axis }): Operand<Axis> {
  const width = widthOf(inChannels);
  const code = `fn a(z: u32, m: u32, k: u32) -> ${typeOf(width)} {
    let image = ${place} / ${outHeight * outWidth}u; let i = (${place} / ${outWidth}u) % ${outHeight}u; let j = ${place} % ${outWidth}u;
    let tapRow = ${tap} / ${filterWidth * inChannels}u; let tapColumn = (${tap} / ${inChannels}u) % ${filterWidth}u; let channel = ${tap} % ${inChannels}u;
    let row = ${strideHeight}u * i + ${dilationHeight}u * tapRow - ${padInfo.top}u; // below zero it is larger than any size
    let column = ${strideWidth}u * j + ${dilationWidth}u * tapColumn - ${padInfo.left}u;
    ${where(`row < ${inHeight}u && column < ${inWidth}u`, 'x', `((image * ${inHeight}u + row) * ${inWidth}u + column) * ${inChannels}u + channel`, width)}
  }`;
  return { along: tap, width, code };
}

/** A kernel, or a gradient of an output, as a matrix whose columns are its channels. */
function columnsOf(channels: number): Operand<'n'> {
  const width = widthOf(channels);
  return { along: 'n', width, code: `fn b(z: u32, k: u32, n: u32) -> ${typeOf(width)} { return ${asFloats(`y[(k * ${channels}u + n) / ${width}u]`, width)}; }` };
}

/** WGSL: returns the tensor's values at that place where the condition holds, zeros elsewhere. Without a branch, so that threads wait for all their values at once. */
function where(condition: string, tensor: 'x' | 'y', at: string, width: 1 | 4): string {
  const type = typeOf(width);
  return `let inside = ${condition};
    return select(${type}(), ${asFloats(`${tensor}[select(0u, ${at}, inside) / ${width}u]`, width)}, inside);`;
}

/** All that the shaders have written into them. */
function geometry({ inShape, filterShape, outShape, strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo }: ConvInfo): string {
  return [inShape, filterShape, outShape, [strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo.top, padInfo.left]].map((numbers) => numbers.join('x')).join(' ');
}
