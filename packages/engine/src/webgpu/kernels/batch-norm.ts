import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { columnSums, slicedColumnSums } from './column-sums.js';
import { elementwise } from './elementwise.js';
import type { KernelCall } from './kernel.js';

interface Attributes {
  readonly epsilon: number;
}

/**
 * Ioffe and Szegedy 2015 (arXiv 1502.03167), Algorithm 1, of x [n, h, w, c]: two passes over x instead of some ten. Sums are of distances
 * from the first value of each channel: of squares of x itself a variance that is small beside the mean would be lost.
 * @returns y, the batch's mean [c] and unbiased variance [c], and what the gradient needs: mean and 1 / sqrt(variance + epsilon) [2, c], three times.
 */
export function batchNormTraining({ inputs: { x, scale, offset }, attrs: { epsilon }, backend }: KernelCall<'x' | 'scale' | 'offset', Attributes>): tf.TensorInfo[] {
  const [rows, columns] = matrixOf(x);
  const term = `fn term(row: i32, column: i32) -> vec2<f32> { let d = x[row * ${columns} + column] - x[column]; return vec2<f32>(d, d * d); }`;
  const sums = slicedColumnSums(backend, { key: 'moments', rows, columns, operands: ['x'], sums: 2, term }, [x]);
  const [slices] = sums.shape as [number];
  const moments = `
fn $total(i: i32) -> f32 {
  var total = $sums(i);
  for (var slice = 1; slice < ${slices}; slice++) { total += $sums(slice * ${2 * columns} + i); }
  return total;
}
fn $mean(c: i32) -> f32 { return $total(c) / ${rows}.0; }
fn $variance(c: i32) -> f32 { let mean = $mean(c); return max(0.0, $total(${columns} + c) / ${rows}.0 - mean * mean); }`;
  const perChannel = (name: string, rowsOut: number, value: string): tf.TensorInfo =>
    elementwise(backend, { key: `${name} ${rows} ${columns} ${epsilon}`, operands: ['sums', 'x'], aligned: [], outShape: rowsOut === 1 ? [columns] : [rowsOut, columns], element: `${moments}\nfn $element(i: i32) -> f32 { ${value} }` }, [sums, x]);
  const mean = perChannel('mean', 1, 'return $x(i) + $mean(i);');
  const variance = perChannel('variance', 1, `_ = $x(0); return $variance(i) * ${Math.max(1, rows / Math.max(1, rows - 1)).toExponential()};`);
  const kept = perChannel('kept', 2, `if (i < ${columns}) { return $x(i) + $mean(i); } return 1.0 / sqrt($variance(i - ${columns}) + ${epsilon.toExponential()});`);
  backend.disposeData(sums.dataId);
  const element = `fn $element(i: i32) -> f32 { let c = i % ${columns}; return ($x(i) - $kept(c)) * ($kept(${columns} + c) * $scale(c)) + $offset(c); }`;
  const y = elementwise(backend, { key: `normalize ${columns}`, operands: ['x', 'kept', 'scale', 'offset'], aligned: ['x'], outShape: x.shape, element }, [x, kept, scale, offset]);
  return [y, mean, variance, kept, again(backend, kept), again(backend, kept)];
}

/**
 * Gradients of {@link batchNormTraining}: with n = (x - mean) r and means over the batch, dx = scale r (dy - mean(dy) - n mean(dy n)),
 * dScale = sum(dy n), dOffset = sum(dy).
 */
export function batchNormTrainingGradient({ inputs: { dy, x, scale, kept1: kept }, backend }: KernelCall<'dy' | 'x' | 'scale' | 'kept1', Attributes>): tf.TensorInfo[] {
  const [rows, columns] = matrixOf(x);
  const term = `fn term(row: i32, column: i32) -> vec2<f32> {
    let i = row * ${columns} + column;
    return vec2<f32>(dy[i], dy[i] * (x[i] - kept[column]) * kept[${columns} + column]);
  }`;
  const sums = columnSums(backend, { key: 'batchNormGradient', rows, columns, operands: ['dy', 'x', 'kept'], sums: 2, term }, [dy, x, kept]);
  const element = `fn $element(i: i32) -> f32 {
    let c = i % ${columns};
    let r = $kept(${columns} + c);
    let n = ($x(i) - $kept(c)) * r;
    return $scale(c) * r * ($dy(i) - $sums(c) / ${rows}.0 - n * $sums(${columns} + c) / ${rows}.0);
  }`;
  const dx = elementwise(backend, { key: `batchNormGradient ${rows} ${columns}`, operands: ['dy', 'x', 'scale', 'kept', 'sums'], aligned: ['dy', 'x'], outShape: x.shape, element }, [dy, x, scale, kept, sums]);
  const part = (name: string, from: number): tf.TensorInfo =>
    elementwise(backend, { key: `part ${from} ${name}`, operands: ['sums'], aligned: [], outShape: [columns], element: `fn $element(i: i32) -> f32 { return $sums(${from} + i); }` }, [sums]);
  const gradients = [dx, part('scale', columns), part('offset', 0)];
  backend.disposeData(sums.dataId);
  return gradients;
}

/** before - (before - factor value) rate */
export function movingAverage({ inputs: { before, value }, attrs: { rate, factor }, backend }: KernelCall<'before' | 'value', { readonly rate: number; readonly factor: number }>): tf.TensorInfo {
  const element = `fn $element(i: i32) -> f32 { let before = $before(i); return before - (before - ${factor.toExponential()} * $value(i)) * ${rate.toExponential()}; }`;
  return elementwise(backend, { key: `movingAverage ${rate} ${factor}`, operands: ['before', 'value'], aligned: ['before', 'value'], outShape: before.shape, element }, [before, value]);
}

function matrixOf({ shape }: tf.TensorInfo): [rows: number, columns: number] {
  return [tf.util.sizeFromShape(shape.slice(0, -1)), shape.at(-1) as number];
}

/** Another name for the same values. */
function again(backend: WebGPUBackend, { dataId, shape, dtype }: tf.TensorInfo): tf.TensorInfo {
  backend.incRef(dataId);
  return { dataId, shape, dtype };
}
