import type { GatherV2Attrs, NamedAttrMap, TensorInfo, UnsortedSegmentSumAttrs } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import { addressOf, runStock, sizeOf, type KernelCall } from './backend.js';
import { zeros } from './pool.js';
import { simdOf } from './simd.js';

/** x[..., indices, ...] along one axis. Throws where an index lies outside. */
export function gatherV2({ inputs, attrs, backend }: KernelCall<'x' | 'indices', GatherV2Attrs>): TensorInfo {
  const { x, indices } = inputs;
  if (attrs.batchDims !== 0 || indices.dtype !== 'int32' || (x.dtype !== 'float32' && x.dtype !== 'int32')) {
    return runStock('GatherV2', backend, { x, indices }, attrs as unknown as NamedAttrMap);
  }
  const axis = tf.util.parseAxisParam(attrs.axis, x.shape)[0] as number;
  const rows = x.shape[axis] as number;
  const outside = backend.typedArrayFromHeap(indices).find((index) => index < 0 || index >= rows);
  if (outside !== undefined) throw new Error(`gather: index ${outside} is not in [0, ${rows - 1}].`);
  const before = x.shape.slice(0, axis);
  const after = x.shape.slice(axis + 1);
  const out = backend.makeOutput([...before, ...indices.shape, ...after], x.dtype);
  simdOf(backend).gatherRows(
    addressOf(backend, out), addressOf(backend, x), addressOf(backend, indices),
    sizeOf(before), sizeOf(indices.shape), rows, sizeOf(after) * 4,
  );
  return out;
}

/** out[s] = sum of the rows x[i] with segmentIds[i] = s: the gradient of gather. */
export function unsortedSegmentSum(
  { inputs, attrs, backend }: KernelCall<'x' | 'segmentIds', UnsortedSegmentSumAttrs>,
): TensorInfo {
  const { x, segmentIds } = inputs;
  if (x.dtype !== 'float32') throw new Error(`unsortedSegmentSum on wasm takes float32, not ${x.dtype}.`);
  const inner = x.shape.slice(segmentIds.shape.length);
  const out = zeros(backend, [attrs.numSegments, ...inner]);
  simdOf(backend).addToSegments(
    addressOf(backend, out), addressOf(backend, x), addressOf(backend, segmentIds),
    sizeOf(segmentIds.shape), sizeOf(inner), attrs.numSegments,
  );
  return out;
}
