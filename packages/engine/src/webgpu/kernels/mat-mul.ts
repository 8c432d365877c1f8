import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { activated } from '../../fused-activation.js';
import type { KernelCall } from './kernel.js';
import { multiply } from './product.js';

interface Transposes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Product of matrices [..., m, k] and [..., k, n], either of them stored transposed; outer axes broadcast. */
export function batchMatMul({ inputs: { a, b }, attrs, backend }: KernelCall<'a' | 'b', Transposes>): tf.TensorInfo {
  return matMul(backend, a, b, attrs);
}

export function fusedMatMul({ inputs, attrs, backend }: KernelCall<'a' | 'b', Transposes & FusedAttributes> & { readonly inputs: { readonly bias?: tf.TensorInfo; readonly preluActivationWeights?: tf.TensorInfo } }): tf.TensorInfo {
  const { a, b, bias, preluActivationWeights: slopes } = inputs;
  return activated(['webgpu', backend], matMul(backend, a, b, attrs), bias, attrs.activation, { alpha: attrs.leakyreluAlpha, slopes });
}

interface FusedAttributes {
  readonly activation?: string;
  readonly leakyreluAlpha?: number;
}

function matMul(backend: WebGPUBackend, a: tf.TensorInfo, b: tf.TensorInfo, { transposeA, transposeB }: Transposes): tf.TensorInfo {
  const [rowsA, columnsA] = a.shape.slice(-2) as [number, number];
  const [rowsB, columnsB] = b.shape.slice(-2) as [number, number];
  const [m, k] = transposeA ? [columnsA, rowsA] : [rowsA, columnsA];
  const [n, inner] = transposeB ? [rowsB, columnsB] : [columnsB, rowsB];
  if (k !== inner) throw new Error(`matMul of [${a.shape}] and [${b.shape}]: the inner sizes ${k} and ${inner} differ.`);
  const outer = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const product = {
    key: `matMul ${transposeA} ${transposeB} ${a.shape.slice(0, -2)} ${b.shape.slice(0, -2)}`,
    m,
    n,
    k,
    batches: tf.util.sizeFromShape(outer),
    outShape: [...outer, m, n],
    a: `fn a(z: i32, m: i32, k: i32) -> f32 { return f32(x[${matrixAt(a.shape, outer)} + ${transposeA ? `k * ${m} + m` : `m * ${k} + k`}]); }`,
    b: `fn b(z: i32, k: i32, n: i32) -> f32 { return f32(y[${matrixAt(b.shape, outer)} + ${transposeB ? `n * ${k} + k` : `k * ${n} + n`}]); }`,
    place: `fn place(z: i32, m: i32, n: i32) -> i32 { return z * ${m * n} + m * ${n} + n; }`,
    aAlong: transposeA ? 'm' : 'k',
    bAlong: transposeB ? 'k' : 'n',
  } as const;
  return multiply(backend, product, a, b);
}

/** WGSL: where the matrix of batch z begins, the batch's shape being broadcast to `outer`. */
function matrixAt(shape: readonly number[], outer: readonly number[]): string {
  const batch = shape.slice(0, -2);
  let stride = tf.util.sizeFromShape(shape.slice(-2));
  let divisor = 1;
  const terms: string[] = [];
  for (let axis = outer.length - 1; axis >= 0; axis--) {
    const own = batch[axis - (outer.length - batch.length)] ?? 1;
    if (own > 1) terms.push(`((z / ${divisor}) % ${own}) * ${stride}`);
    stride *= own;
    divisor *= outer[axis] as number;
  }
  return terms.length === 0 ? '0' : terms.join(' + ');
}
