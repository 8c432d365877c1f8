import type { TensorInfo } from '@tensorflow/tfjs';
import { addressOf, denseStrides, type BackendWasm } from './backend.js';
import { simdOf } from './simd.js';

/** A way to walk over a tensor: where the first element lies, and how many elements apart neighbours along each axis are. */
export interface View {
  readonly tensor: TensorInfo;
  readonly offset: number;
  readonly strides: readonly number[];
}

interface Axis {
  readonly size: number;
  readonly to: number;
  readonly from: number;
}

/** The whole tensor, row by row. */
export function dense(tensor: TensorInfo, shape: readonly number[] = tensor.shape): View {
  return { tensor, offset: 0, strides: denseStrides(shape) };
}

/** A new tensor with what a view shows. */
export function materialized(backend: BackendWasm, shape: readonly number[], view: View): TensorInfo {
  const out = backend.makeOutput([...shape], view.tensor.dtype);
  copyView(backend, shape, dense(out), view);
  return out;
}

/** A tensor repeated along the axes in which it has size 1, or which it lacks at the front. */
export function broadcasted(tensor: TensorInfo, shape: readonly number[]): View {
  const missing = shape.length - tensor.shape.length;
  const own = denseStrides(tensor.shape);
  const strides = shape.map((_, i) => (i < missing || tensor.shape[i - missing] === 1 ? 0 : (own[i - missing] ?? 0)));
  return { tensor, offset: 0, strides };
}

/**
 * Copies `sizes` elements from one view to another of the same dtype. Source strides may be 0 (repeat) or negative (flip).
 * Slices, flips, transposes, tiles, patches and interleaves are all this one copy.
 */
export function copyView(backend: BackendWasm, sizes: readonly number[], to: View, from: View): void {
  if (sizes.includes(0)) return;
  const isBool = to.tensor.dtype === 'bool';
  const copy = isBool ? simdOf(backend).copyBytes : simdOf(backend).copyWords;
  const bytes = isBool ? 1 : 4;
  const axes = orderAxes(sizes, to.strides, from.strides);
  const inner = axes.slice(-4);
  while (inner.length < 4) inner.unshift({ size: 1, to: 0, from: 0 });
  const walk = [...inner.map((axis) => axis.size), ...inner.map((axis) => axis.to), ...inner.map((axis) => axis.from)];
  const toAddress = addressOf(backend, to.tensor) + to.offset * bytes;
  const fromAddress = addressOf(backend, from.tensor) + from.offset * bytes;
  forEachOffset(axes.slice(0, -4), (toOffset, fromOffset) => {
    copy(toAddress + toOffset * bytes, fromAddress + fromOffset * bytes, ...walk);
  });
}

/** Calls back for each element of the outer axes that the kernel's four loops don't cover. */
function forEachOffset(axes: readonly Axis[], visit: (to: number, from: number) => void, to = 0, from = 0): void {
  const [axis, ...rest] = axes;
  if (!axis) {
    visit(to, from);
    return;
  }
  for (let i = 0; i < axis.size; i++) forEachOffset(rest, visit, to + i * axis.to, from + i * axis.from);
}

/**
 * Orders the axes so that the kernel runs along memory: by the destination's strides, neighbours merged where both sides allow it.
 * Where the source's dense axis is another than the destination's, it comes second to last: the kernel then transposes in blocks.
 */
function orderAxes(sizes: readonly number[], to: readonly number[], from: readonly number[]): Axis[] {
  const axes = sizes
    .map((size, i): Axis => ({ size, to: to[i] ?? 0, from: from[i] ?? 0 }))
    .filter((axis) => axis.size > 1)
    .sort((a, b) => Math.abs(b.to) - Math.abs(a.to));
  const merged: Axis[] = [];
  for (const axis of axes) {
    const outer = merged.at(-1);
    if (outer && outer.to === axis.to * axis.size && outer.from === axis.from * axis.size) {
      merged[merged.length - 1] = { size: outer.size * axis.size, to: axis.to, from: axis.from };
    } else {
      merged.push(axis);
    }
  }
  const last = merged.at(-1);
  const denseInSource = merged.findIndex((axis) => axis.from === 1);
  if (last && last.to === 1 && last.from !== 1 && denseInSource >= 0) {
    const [axis] = merged.splice(denseInSource, 1);
    if (axis) merged.splice(-1, 0, axis);
  }
  return merged;
}
