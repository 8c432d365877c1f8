import type { Conv2DBackpropInputAttrs, TensorInfo } from '@tensorflow/tfjs';
import { addressOf, dispose, reshaped, type BackendWasm, type KernelCall } from './backend.js';
import { convInfoOf, denseAlong, withZeros, type ConvInfo, type Shape4D } from './conv2d.js';
import { multiply } from './gemm.js';
import { matMul } from './mat-mul.js';
import { zeros } from './pool.js';
import { simdOf } from './simd.js';

/** With fewer input channels than a tile of the product has columns, sub-pixels would leave most of each tile empty. */
const FEW_CHANNELS = 8;

/**
 * Gradient of a convolution with respect to its input, which is also the forward pass of a transposed convolution.
 * dy: [n, outHeight, outWidth, out], filter: [kh, kw, in, out]; returns [n, height, width, in].
 */
export function conv2DBackpropInput(
  { inputs, attrs, backend }: KernelCall<'dy' | 'filter', Conv2DBackpropInputAttrs>,
): TensorInfo {
  const { dy, filter } = inputs;
  const info = convInfoOf('Conv2DBackpropInput', attrs.inputShape, filter.shape, attrs as Parameters<typeof convInfoOf>[3]);
  return info.inChannels < FEW_CHANNELS ? byPatches(backend, dy, filter, info) : bySubPixels(backend, dy, filter, info);
}

/** One matrix product gives each output pixel's contribution to its patch of the input; the patches are then added up. */
function byPatches(backend: BackendWasm, dy: TensorInfo, filter: TensorInfo, info: ConvInfo): TensorInfo {
  const { batchSize, outHeight, outWidth, outChannels, filterHeight, filterWidth, inChannels, padInfo } = info;
  const pixels = reshaped(backend, dy, [batchSize * outHeight * outWidth, outChannels]);
  const taps = reshaped(backend, filter, [filterHeight * filterWidth * inChannels, outChannels]);
  const patches = matMul(backend, pixels, taps, { transposeB: true });
  const dx = zeros(backend, info.inShape);
  simdOf(backend).addPatches(
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

/** Every phase is a convolution of dy with some of the taps, in reverse order, that puts out straight into its places of dx. */
function bySubPixels(backend: BackendWasm, dy: TensorInfo, filter: TensorInfo, info: ConvInfo): TensorInfo {
  const { batchSize, inHeight, inWidth, inChannels, outChannels, strideHeight, strideWidth, filterHeight, filterWidth } = info;
  const phasesDown = phasesOf(inHeight, info.outHeight, filterHeight, strideHeight, info.padInfo.top);
  const phasesAcross = phasesOf(inWidth, info.outWidth, filterWidth, strideWidth, info.padInfo.left);
  const down = phasesDown.filter((phase) => phase.taps > 0);
  const across = phasesAcross.filter((phase) => phase.taps > 0);
  // A stride longer than the kernel leaves pixels that no tap has seen.
  const seesAll = down.length === phasesDown.length && across.length === phasesAcross.length;
  const dx = seesAll ? backend.makeOutput(info.inShape, 'float32') : zeros(backend, info.inShape);
  if (down.length === 0 || across.length === 0) return dx;
  const top = most(down, 'before');
  const left = most(across, 'before');
  const padded = withZeros(backend, dy, { top, bottom: most(down, 'after'), left, right: most(across, 'after') });
  const [, height, width] = padded.shape as Shape4D;
  const row = width * outChannels;
  const [filterRow, filterColumn] = denseAlong(filterHeight, filterWidth, inChannels, outChannels);
  const [image, line, pixel] = denseAlong(batchSize, inHeight, inWidth, inChannels);
  for (const y of down) {
    for (const x of across) {
      const lastTap = lastTapOf(y, strideHeight) * filterRow + lastTapOf(x, strideWidth) * filterColumn;
      multiply(backend, {
        sizes: { m: [batchSize, y.count, x.count], n: [1, 1, inChannels], k: [y.taps, x.taps, outChannels] },
        a: {
          tensor: padded,
          offset: (top - y.before) * row + (left - x.before) * outChannels,
          along: { k: [row, outChannels, 1], m: [height * row, row, outChannels] },
        },
        b: {
          tensor: filter,
          offset: lastTap,
          along: { k: [-strideHeight * filterRow, -strideWidth * filterColumn, 1], n: [0, 0, outChannels] },
        },
        c: {
          tensor: dx,
          offset: y.start * line + x.start * pixel,
          along: { m: [image, strideHeight * line, strideWidth * pixel], n: [0, 0, 1] },
        },
      });
    }
  }
  dispose(backend, padded);
  return dx;
}

function most(phases: readonly Phase[], side: 'before' | 'after'): number {
  return Math.max(...phases.map((phase) => phase[side]));
}

function lastTapOf(phase: Phase, stride: number): number {
  return phase.firstTap + (phase.taps - 1) * stride;
}
