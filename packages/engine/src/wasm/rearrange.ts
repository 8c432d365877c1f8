/** Kernels that only move numbers: each is a copy between two views. */
import type {
  ConcatAttrs, DepthToSpaceAttrs, NamedAttrMap, ReverseAttrs, SliceAttrs, SplitVAttrs, StridedSliceAttrs, TensorInfo, TileAttrs,
  TransposeAttrs, UnpackAttrs,
} from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import { denseStrides, reshaped, runStock, type BackendWasm, type KernelCall } from './backend.js';
import { copyView, dense, materialized } from './strided.js';

/** Tensors don't change, so a copy can share the original's memory. */
export function identity({ inputs, backend }: KernelCall<'x', object>): TensorInfo {
  return reshaped(backend, inputs.x, inputs.x.shape);
}

export function transpose({ inputs, attrs, backend }: KernelCall<'x', TransposeAttrs>): TensorInfo {
  const { x } = inputs;
  const strides = denseStrides(x.shape);
  const shape = attrs.perm.map((axis) => x.shape[axis] as number);
  return materialized(backend, shape, { tensor: x, offset: 0, strides: attrs.perm.map((axis) => strides[axis] as number) });
}

export function slice({ inputs, attrs, backend }: KernelCall<'x', SliceAttrs>): TensorInfo {
  const { x } = inputs;
  if (x.dtype === 'string') return runStock('Slice', backend, { x }, attrs as unknown as NamedAttrMap);
  const [begin, size] = tf.slice_util.parseSliceParams(x as tf.Tensor, attrs.begin, attrs.size) as [number[], number[]];
  tf.slice_util.assertParamsValid(x as tf.Tensor, begin, size);
  return sliced(backend, x, begin, size);
}

function sliced(backend: BackendWasm, x: TensorInfo, begin: readonly number[], size: readonly number[]): TensorInfo {
  const strides = denseStrides(x.shape);
  const offset = begin.reduce((sum, start, axis) => sum + start * (strides[axis] as number), 0);
  return materialized(backend, size, { tensor: x, offset, strides });
}

export function stridedSlice({ inputs, attrs, backend }: KernelCall<'x', StridedSliceAttrs>): TensorInfo {
  const { x } = inputs;
  if (x.dtype === 'string') return runStock('StridedSlice', backend, { x }, attrs as unknown as NamedAttrMap);
  const { finalShape, begin, end, strides } = tf.slice_util.sliceInfo(
    x.shape, attrs.begin, attrs.end, attrs.strides,
    attrs.beginMask, attrs.endMask, attrs.ellipsisMask, attrs.newAxisMask, attrs.shrinkAxisMask,
  );
  const own = denseStrides(x.shape);
  const offset = begin.reduce((sum, start, axis) => sum + start * (own[axis] as number), 0);
  const steps = own.map((stride, axis) => stride * (strides[axis] as number));
  const shape = tf.slice_util.computeOutShape(begin, end, strides);
  return { ...materialized(backend, shape, { tensor: x, offset, strides: steps }), shape: finalShape };
}

export function reverse({ inputs, attrs, backend }: KernelCall<'x', ReverseAttrs>): TensorInfo {
  const { x } = inputs;
  const axes = tf.util.parseAxisParam(attrs.dims, x.shape);
  const own = denseStrides(x.shape);
  const offset = axes.reduce((sum, axis) => sum + ((x.shape[axis] as number) - 1) * (own[axis] as number), 0);
  const strides = own.map((stride, axis) => (axes.includes(axis) ? -stride : stride));
  return materialized(backend, x.shape, { tensor: x, offset, strides });
}

export function tile({ inputs, attrs, backend }: KernelCall<'x', TileAttrs>): TensorInfo {
  const { x } = inputs;
  if (x.dtype === 'string') return runStock('Tile', backend, { x }, attrs as unknown as NamedAttrMap);
  const own = denseStrides(x.shape);
  const shape = x.shape.map((size, axis) => size * (attrs.reps[axis] as number));
  const sizes = x.shape.flatMap((size, axis) => [attrs.reps[axis] as number, size]);
  const strides = own.flatMap((stride) => [0, stride]);
  return { ...materialized(backend, sizes, { tensor: x, offset: 0, strides }), shape };
}

export function concat({ inputs, attrs, backend }: KernelCall<string, ConcatAttrs>): TensorInfo {
  const parts = Object.values(inputs);
  const first = parts[0] as TensorInfo;
  const axis = tf.util.parseAxisParam(attrs.axis, first.shape)[0] as number;
  if (first.dtype === 'string') return runStock('Concat', backend, inputs, attrs as unknown as NamedAttrMap);
  const shapes = parts.map((part) => part.shape);
  tf.backend_util.assertParamsConsistent(shapes, axis);
  const shape = tf.backend_util.computeOutShape(shapes, axis);
  const out = backend.makeOutput(shape, first.dtype);
  const { strides } = dense(out);
  let at = 0;
  for (const part of parts) {
    copyView(backend, part.shape, { tensor: out, offset: at * (strides[axis] as number), strides }, dense(part));
    at += part.shape[axis] as number;
  }
  return out;
}

export function splitV({ inputs, attrs, backend }: KernelCall<'x', SplitVAttrs>): TensorInfo[] {
  const { x } = inputs;
  const axis = tf.util.parseAxisParam(attrs.axis, x.shape)[0] as number;
  const begin = x.shape.map(() => 0);
  return tf.backend_util.prepareSplitSize(x as tf.Tensor, attrs.numOrSizeSplits, axis).map((count) => {
    const part = sliced(backend, x, begin, x.shape.with(axis, count));
    begin[axis] = (begin[axis] as number) + count;
    return part;
  });
}

export function unpack({ inputs, attrs, backend }: KernelCall<'value', UnpackAttrs>): TensorInfo[] {
  const { value } = inputs;
  const axis = tf.util.parseAxisParam(attrs.axis, value.shape)[0] as number;
  const shape = value.shape.toSpliced(axis, 1);
  return Array.from({ length: value.shape[axis] as number }, (_, i) => {
    const begin = value.shape.map((_, other) => (other === axis ? i : 0));
    return { ...sliced(backend, value, begin, value.shape.with(axis, 1)), shape };
  });
}

export function depthToSpace({ inputs, attrs, backend }: KernelCall<'x', DepthToSpaceAttrs>): TensorInfo {
  const { x } = inputs;
  if (attrs.dataFormat !== 'NHWC' || x.dtype !== 'float32') {
    return runStock('DepthToSpace', backend, { x }, attrs as unknown as NamedAttrMap);
  }
  const [batch, height, width, depth] = x.shape as [number, number, number, number];
  const block = attrs.blockSize;
  const channels = depth / (block * block);
  const sizes = [batch, height, block, width, block, channels];
  const row = width * depth;
  const strides = [height * row, row, block * channels, depth, channels, 1];
  const out = materialized(backend, sizes, { tensor: x, offset: 0, strides });
  return { ...out, shape: [batch, height * block, width * block, channels] };
}

/** Nearest-neighbour enlargement by whole factors repeats pixels; other sizes are left to the stock kernel. */
export function resizeNearestNeighbor({ inputs, attrs, backend }: KernelCall<'images', tf.ResizeNearestNeighborAttrs>): TensorInfo {
  const { images } = inputs;
  const [batch, height, width, channels] = images.shape as [number, number, number, number];
  const [newHeight, newWidth] = attrs.size;
  if (images.dtype !== 'float32' || attrs.alignCorners || newHeight % height !== 0 || newWidth % width !== 0) {
    return runStock('ResizeNearestNeighbor', backend, { images }, attrs as unknown as NamedAttrMap);
  }
  const sizes = [batch, height, newHeight / height, width, newWidth / width, channels];
  const row = width * channels;
  const out = materialized(backend, sizes, { tensor: images, offset: 0, strides: [height * row, row, 0, channels, 0, 1] });
  return { ...out, shape: [batch, newHeight, newWidth, channels] };
}

