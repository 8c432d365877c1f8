import type { TensorInfo } from '@tensorflow/tfjs';
import { addressOf, dispose, type BackendWasm } from './backend.js';
import { simdOf } from './simd.js';

/** One operand of a product: strides, in elements, along the three axes that are summed over and along the one that is kept. */
export interface Operand {
  readonly tensor: TensorInfo;
  /** Element at which it begins. */
  readonly offset?: number;
  readonly summed: readonly [number, number, number];
  readonly kept: number;
}

/** What is summed over: images, rows, columns. */
export type SummedSizes = readonly [number, number, number];

/**
 * out[m, n] = sum over k of a[k, m] b[k, n], written row by row from element `outOffset` of `out` on.
 * k runs over three nested axes, so that it can walk over the output pixels of a convolution.
 */
export function multiply(
  backend: BackendWasm,
  out: TensorInfo,
  [m, n]: readonly [number, number],
  summed: SummedSizes,
  a: Operand,
  b: Operand,
  outOffset = 0,
): void {
  const simd = simdOf(backend);
  // The tile is 4 rows by 8 columns: the narrower side goes to the rows, and out is then filled column by column.
  const exchanged = n < 8 && m > n;
  const [left, right] = exchanged ? [b, a] : [a, b];
  const [height, width] = exchanged ? [n, m] : [m, n];
  const [strideDown, strideAcross] = exchanged ? [1, n] : [n, 1];
  const scratch = backend.makeOutput([simd.multiplyScratchBytes(width) / 4], 'float32');
  const start = (operand: Operand): number => addressOf(backend, operand.tensor) + (operand.offset ?? 0) * 4;
  simd.multiply(
    addressOf(backend, out) + outOffset * 4, height, width, strideDown, strideAcross,
    ...summed,
    start(left), ...left.summed, left.kept,
    start(right), ...right.summed, right.kept,
    addressOf(backend, scratch),
  );
  dispose(backend, scratch);
}
