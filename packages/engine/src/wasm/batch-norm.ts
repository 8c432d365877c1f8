import type { FusedBatchNormAttrs, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs';
import { addressOf, dispose, runStock, sizeOf, type KernelCall } from './backend.js';
import { inParts, WORTHWHILE_ELEMENTS } from './threads.js';

/**
 * (x - mean) / sqrt(variance + epsilon) * scale + offset, with one number of each per channel, the last axis.
 * Statistics of another shape are left to the stock kernel.
 */
export function fusedBatchNorm(
  { inputs, attrs, backend }: KernelCall<'x' | 'mean' | 'variance', FusedBatchNormAttrs> & {
    readonly inputs: { readonly offset?: TensorInfo; readonly scale?: TensorInfo };
  },
): TensorInfo {
  const { x, mean, variance, offset, scale } = inputs;
  const channels = x.shape.at(-1) ?? 0;
  const perChannel = [mean, variance, offset, scale].every((statistic) => !statistic || isVector(statistic, channels));
  if (x.dtype !== 'float32' || !perChannel) {
    return runStock('FusedBatchNorm', backend, { ...inputs }, attrs as unknown as NamedAttrMap);
  }
  const out = backend.makeOutput(x.shape, 'float32');
  const factor = backend.makeOutput([channels], 'float32');
  const shift = backend.makeOutput([channels], 'float32');
  // Views of the memory are taken after the last allocation, which may replace the memory's buffer.
  const numbers = (tensor: TensorInfo): Float32Array => backend.typedArrayFromHeap(tensor) as Float32Array;
  const [factors, shifts, variances] = [numbers(factor), numbers(shift), numbers(variance)];
  const [scales, offsets] = [scale && numbers(scale), offset && numbers(offset)];
  for (let c = 0; c < channels; c++) {
    factors[c] = (scales?.[c] ?? 1) / Math.sqrt((variances[c] as number) + attrs.varianceEpsilon);
    shifts[c] = offsets?.[c] ?? 0;
  }
  const [to, from, ...statistics] = [out, x, mean, factor, shift].map((tensor) => addressOf(backend, tensor)) as [number, number, number, number, number];
  const rows = { size: sizeOf(x.shape) / channels, worthwhile: WORTHWHILE_ELEMENTS / channels };
  inParts(backend, 'normalize', rows, (first, count) => [to + 4 * first * channels, from + 4 * first * channels, ...statistics, count, channels]);
  dispose(backend, factor, shift);
  return out;
}

function isVector(x: TensorInfo, size: number): boolean {
  return x.dtype === 'float32' && x.shape.length === 1 && x.shape[0] === size;
}
