import type { Conv2DBackpropInputAttrs, TensorInfo } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import { addressOf, dispose, reshaped, sizeOf, type BackendWasm, type KernelCall } from './backend.js';
import { convolve } from './conv2d.js';
import { matMul } from './mat-mul.js';
import { simdOf } from './simd.js';
import { copyView, dense } from './strided.js';

type ConvInfo = tf.backend_util.Conv2DInfo;

/** With fewer channels than a SIMD tile of XNNPACK has columns, a convolution that puts out those channels is mostly waste. */
const FEW_CHANNELS = 8;

/**
 * Gradient of a convolution with respect to its input, which is also the forward pass of a transposed convolution.
 * dy: [n, outHeight, outWidth, out], filter: [kh, kw, in, out]; returns [n, height, width, in].
 */
export function conv2DBackpropInput(
  { inputs, attrs, backend }: KernelCall<'dy' | 'filter', Conv2DBackpropInputAttrs>,
): TensorInfo {
  const { dy, filter } = inputs;
  const { strides, pad, dimRoundingMode, inputShape } = attrs;
  const info = tf.backend_util.computeConv2DInfo(
    inputShape, filter.shape as [number, number, number, number], strides, 1, pad, dimRoundingMode, false,
    tf.backend_util.convertConv2DDataFormat(attrs.dataFormat),
  );
  if (info.dataFormat !== 'channelsLast') throw new Error('Conv2DBackpropInput on wasm takes NHWC images only.');
  return info.inChannels < FEW_CHANNELS ? byPatches(backend, dy, filter, info) : bySubPixels(backend, dy, filter, info);
}

/** One matrix product gives each output pixel's contribution to its patch of the input; the patches are then added up. */
function byPatches(backend: BackendWasm, dy: TensorInfo, filter: TensorInfo, info: ConvInfo): TensorInfo {
  const { batchSize, outHeight, outWidth, outChannels, filterHeight, filterWidth, inChannels, padInfo } = info;
  const patchSize = filterHeight * filterWidth * inChannels;
  const pixels = reshaped(backend, dy, [1, batchSize * outHeight * outWidth, outChannels]);
  const taps = reshaped(backend, filter, [1, patchSize, outChannels]);
  const patches = matMul(backend, pixels, taps, { transposeB: true });
  const dx = backend.makeOutput(info.inShape, 'float32');
  const simd = simdOf(backend);
  simd.fillWords(addressOf(backend, dx), 0, sizeOf(info.inShape));
  simd.addPatches(
    addressOf(backend, dx), addressOf(backend, patches),
    batchSize, info.inHeight, info.inWidth, inChannels, outHeight, outWidth,
    filterHeight, filterWidth, info.strideHeight, info.strideWidth, padInfo.top, padInfo.left,
  );
  dispose(backend, pixels, taps, patches);
  return dx;
}

/**
 * The rows (or columns) of dx that lie `stride` apart see the same taps of the kernel, so each such phase is an ordinary
 * convolution of dy (Shi et al. 2016, "Is the deconvolution layer the same as a convolutional layer?").
 */
interface Phase {
  /** First position in dx, and how many follow, a stride apart. */
  readonly start: number;
  readonly count: number;
  /** The kernel's positions that meet this phase: firstTap, firstTap + stride, ... */
  readonly firstTap: number;
  readonly taps: number;
  /** Zeros to put before and after dy; negative where dy's ends play no part. */
  readonly before: number;
  readonly after: number;
}

/**
 * dx[t - pad] = sum over taps k of dy[(t - k) / stride] w[k], where t = m stride + phase:
 * so the sum runs over k = phase + j stride and dy[m - j].
 */
function phasesOf(inSize: number, outSize: number, kernel: number, stride: number, pad: number): Phase[] {
  const phases: Phase[] = [];
  for (let phase = 0; phase < stride; phase++) {
    const first = Math.ceil((pad - phase) / stride);
    const last = Math.floor((pad + inSize - 1 - phase) / stride);
    const taps = Math.max(0, Math.ceil((kernel - phase) / stride));
    if (last < first) continue;
    phases.push({
      start: first * stride + phase - pad,
      count: last - first + 1,
      firstTap: phase,
      taps,
      before: taps - 1 - first,
      after: last - (outSize - 1),
    });
  }
  return phases;
}

function bySubPixels(backend: BackendWasm, dy: TensorInfo, filter: TensorInfo, info: ConvInfo): TensorInfo {
  const { inHeight, inWidth, outHeight, outWidth, strideHeight, strideWidth, filterHeight, filterWidth, padInfo } = info;
  const down = phasesOf(inHeight, outHeight, filterHeight, strideHeight, padInfo.top);
  const across = phasesOf(inWidth, outWidth, filterWidth, strideWidth, padInfo.left);
  const [onlyDown, onlyAcross] = [down[0], across[0]];
  if (strideHeight === 1 && strideWidth === 1 && onlyDown && onlyAcross) {
    return convolvePhase(backend, dy, filter, info, onlyDown, onlyAcross);
  }
  const dx = backend.makeOutput(info.inShape, 'float32');
  const hasUntouched = [...down, ...across].some((phase) => phase.taps === 0);
  if (hasUntouched) simdOf(backend).fillWords(addressOf(backend, dx), 0, sizeOf(info.inShape));
  const row = inWidth * info.inChannels;
  for (const y of down.filter((phase) => phase.taps > 0)) {
    for (const x of across.filter((phase) => phase.taps > 0)) {
      const part = convolvePhase(backend, dy, filter, info, y, x);
      copyView(
        backend,
        part.shape,
        {
          tensor: dx,
          offset: y.start * row + x.start * info.inChannels,
          strides: [inHeight * row, strideHeight * row, strideWidth * info.inChannels, 1],
        },
        dense(part),
      );
      dispose(backend, part);
    }
  }
  return dx;
}

/** dx at one phase: [n, y.count, x.count, in]. */
function convolvePhase(
  backend: BackendWasm, dy: TensorInfo, filter: TensorInfo, info: ConvInfo, y: Phase, x: Phase,
): TensorInfo {
  const taps = flippedTaps(backend, filter, info, y, x);
  const window = cropped(backend, dy, y, x);
  const part = convolve(backend, window, taps, {
    top: Math.max(0, y.before),
    bottom: Math.max(0, y.after),
    left: Math.max(0, x.before),
    right: Math.max(0, x.after),
  });
  dispose(backend, taps, window);
  return part;
}

/** The taps of one phase in reverse order, with the channels' roles exchanged: [y.taps, x.taps, out, in]. */
function flippedTaps(backend: BackendWasm, filter: TensorInfo, info: ConvInfo, y: Phase, x: Phase): TensorInfo {
  const { inChannels, outChannels, strideHeight, strideWidth, filterWidth } = info;
  const shape = [y.taps, x.taps, outChannels, inChannels];
  const taps = backend.makeOutput(shape, 'float32');
  const column = inChannels * outChannels;
  const row = filterWidth * column;
  const lastY = y.firstTap + (y.taps - 1) * strideHeight;
  const lastX = x.firstTap + (x.taps - 1) * strideWidth;
  copyView(backend, shape, dense(taps), {
    tensor: filter,
    offset: lastY * row + lastX * column,
    strides: [-strideHeight * row, -strideWidth * column, 1, outChannels],
  });
  return taps;
}

/** dy without the rows and columns that this phase doesn't see. */
function cropped(backend: BackendWasm, dy: TensorInfo, y: Phase, x: Phase): TensorInfo {
  const [batch, height, width, channels] = dy.shape as [number, number, number, number];
  const top = Math.max(0, -y.before);
  const left = Math.max(0, -x.before);
  const rows = height - top - Math.max(0, -y.after);
  const columns = width - left - Math.max(0, -x.after);
  if (rows === height && columns === width) return reshaped(backend, dy, dy.shape);
  const shape = [batch, rows, columns, channels];
  const window = backend.makeOutput(shape, 'float32');
  const source = dense(dy);
  copyView(backend, shape, dense(window), { ...source, offset: (top * width + left) * channels });
  return window;
}
