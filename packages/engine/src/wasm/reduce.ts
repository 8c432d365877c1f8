import type { NamedAttrMap, ResizeNearestNeighborGradAttrs, TensorInfo } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import { addressOf, dispose, reshaped, runStock, sizeOf, type BackendWasm, type KernelCall } from './backend.js';
import { simdOf } from './simd.js';
import { inParts, WORTHWHILE_ELEMENTS } from './threads.js';

type Reduction = 'sumMiddle' | 'maxMiddle' | 'minMiddle';

/** That the kernels reduce at a time. */
const COLUMNS = 16;

interface ReductionAttrs {
  readonly axis?: number | number[];
  /** What Max calls its axes. */
  readonly reductionIndices?: number | number[];
  readonly keepDims: boolean;
}

/** Neighbouring axes that are all reduced, or all kept, as one. */
interface Group {
  readonly size: number;
  readonly reduced: boolean;
}

export const sum = reductionKernel('Sum', 'sumMiddle');
export const max = reductionKernel('Max', 'maxMiddle');
export const min = reductionKernel('Min', 'minMiddle');

export function mean(call: KernelCall<'x', ReductionAttrs>): TensorInfo {
  const { inputs: { x }, attrs, backend } = call;
  if (!isOurs(x)) return runStock('Mean', backend, { x }, attrs as unknown as NamedAttrMap);
  const out = sum(call);
  const count = sizeOf(x.shape) / sizeOf(out.shape);
  if (count === 1) return out;
  simdOf(backend).scaleWords(addressOf(backend, out), 1 / count, sizeOf(out.shape));
  return out;
}

function reductionKernel(name: string, reduction: Reduction): (call: KernelCall<'x', ReductionAttrs>) => TensorInfo {
  return ({ inputs: { x }, attrs, backend }) => {
    if (!isOurs(x)) return runStock(name, backend, { x }, attrs as unknown as NamedAttrMap);
    const axes = tf.util.parseAxisParam((attrs.axis ?? attrs.reductionIndices) as number | number[], x.shape);
    const [shape] = tf.backend_util.computeOutAndReduceShapes(x.shape, axes);
    const reduced = reduceGroups(backend, x, groupsOf(x.shape, axes), reduction);
    return { ...reduced, shape: attrs.keepDims ? tf.backend_util.expandShapeToKeepDim(shape, axes) : shape };
  };
}

function isOurs(x: TensorInfo): boolean {
  return x.dtype === 'float32' && sizeOf(x.shape) > 0;
}

function groupsOf(shape: readonly number[], axes: readonly number[]): Group[] {
  const groups: Group[] = [];
  shape.forEach((size, axis) => {
    if (size === 1) return;
    const reduced = axes.includes(axis);
    const last = groups.at(-1);
    if (last?.reduced === reduced) groups[groups.length - 1] = { size: last.size * size, reduced };
    else groups.push({ size, reduced });
  });
  return groups;
}

/** Reduces the first group first: what is left for the others is smaller by its size. */
function reduceGroups(backend: BackendWasm, x: TensorInfo, groups: readonly Group[], reduction: Reduction): TensorInfo {
  let current = reshaped(backend, x, [sizeOf(x.shape)]);
  let outer = 1;
  let inner = sizeOf(x.shape);
  for (const group of groups) {
    inner /= group.size;
    if (!group.reduced) {
      outer *= group.size;
      continue;
    }
    const next = reduceMiddle(backend, current, [outer, group.size, inner], reduction);
    dispose(backend, current);
    current = next;
  }
  return current;
}

/** Parted by results, so that every number is joined as by one thread. */
function reduceMiddle(backend: BackendWasm, x: TensorInfo, [outer, middle, inner]: readonly [number, number, number], kernel: Reduction): TensorInfo {
  const out = backend.makeOutput([outer * inner], 'float32');
  const [to, from] = [addressOf(backend, out), addressOf(backend, x)];
  if (outer >= inner) {
    const parts = { size: outer, worthwhile: WORTHWHILE_ELEMENTS / (middle * inner) };
    inParts(backend, kernel, parts, (first, count) => [to + 4 * first * inner, from + 4 * first * middle * inner, count, middle, inner, 0, inner]);
  } else {
    const parts = { size: inner, grain: COLUMNS, worthwhile: WORTHWHILE_ELEMENTS / (outer * middle) };
    inParts(backend, kernel, parts, (first, count) => [to, from, outer, middle, inner, first, first + count]);
  }
  return out;
}

/** The sum over all axes from the `first` on. */
export function sumOver(backend: BackendWasm, x: TensorInfo, first: number): TensorInfo {
  const shape = x.shape.slice(0, first);
  const out = reduceMiddle(backend, x, [sizeOf(shape), sizeOf(x.shape.slice(first)), 1], 'sumMiddle');
  return { ...out, shape };
}

/** Gradient of an enlargement by whole factors: the sum over each pixel's copies. Other sizes are left to the stock kernel. */
export function resizeNearestNeighborGrad(
  { inputs, attrs, backend }: KernelCall<'images' | 'dy', ResizeNearestNeighborGradAttrs>,
): TensorInfo {
  const { images, dy } = inputs;
  const [batch, height, width, channels] = images.shape as [number, number, number, number];
  const [, newHeight, newWidth] = dy.shape as [number, number, number, number];
  if (dy.dtype !== 'float32' || attrs.alignCorners || newHeight % height !== 0 || newWidth % width !== 0) {
    return runStock('ResizeNearestNeighborGrad', backend, { images, dy }, attrs as unknown as NamedAttrMap);
  }
  const byRow = reduceMiddle(backend, dy, [batch * height, newHeight / height, newWidth * channels], 'sumMiddle');
  const dx = reduceMiddle(backend, byRow, [batch * height * width, newWidth / width, channels], 'sumMiddle');
  dispose(backend, byRow);
  return { ...dx, shape: [...images.shape] };
}
