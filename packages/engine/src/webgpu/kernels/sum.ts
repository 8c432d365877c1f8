import * as tf from '@tensorflow/tfjs';
import { columnSums } from './column-sums.js';
import { type KernelCall, runStock } from './kernel.js';

/** Sums over the outer axes, as for a bias's gradient, and over all; TensorFlow.js would transpose the whole tensor first. Others by its own kernel. */
export function sum({ inputs: { x }, attrs, backend }: KernelCall<'x', { readonly axis: number | number[]; readonly keepDims: boolean }>): tf.TensorInfo {
  const axes = tf.util.parseAxisParam(attrs.axis, x.shape);
  const outer = axes.length > 0 && [...axes].sort((a, b) => a - b).every((axis, i) => axis === i);
  if (!outer || x.dtype !== 'float32' || tf.util.sizeFromShape(x.shape) === 0) return runStock('Sum', backend, { x }, attrs as unknown as tf.NamedAttrMap);
  const rows = tf.util.sizeFromShape(x.shape.slice(0, axes.length));
  const kept = x.shape.slice(axes.length);
  const columns = tf.util.sizeFromShape(kept);
  const term = `fn term(row: i32, column: i32) -> vec2<f32> { return vec2<f32>(f32(x[row * ${columns} + column]), 0.0); }`;
  const { dataId } = columnSums(backend, { key: 'sum', rows, columns, operands: ['x'], sums: 1, term }, [x]);
  return { dataId, shape: attrs.keepDims ? [...axes.map(() => 1), ...kept] : kept, dtype: 'float32' };
}
