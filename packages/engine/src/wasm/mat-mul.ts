import type { BatchMatMulAttrs, TensorInfo, _FusedMatMulAttrs } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import { activated } from '../fused-activation.js';
import { addressOf, denseStrides, sizeOf, type BackendWasm, type KernelCall } from './backend.js';
import { multiply, type Strides } from './gemm.js';
import { simdOf } from './simd.js';

interface Transposes {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** Product of matrices [..., m, k] and [..., k, n], either of them stored transposed; outer axes broadcast. */
export function matMul(
  backend: BackendWasm,
  a: TensorInfo,
  b: TensorInfo,
  { transposeA = false, transposeB = false }: Transposes = {},
): TensorInfo {
  const [rowsA, columnsA] = a.shape.slice(-2) as [number, number];
  const [rowsB, columnsB] = b.shape.slice(-2) as [number, number];
  const [m, k] = transposeA ? [columnsA, rowsA] : [rowsA, columnsA];
  const [n, inner] = transposeB ? [rowsB, columnsB] : [columnsB, rowsB];
  if (a.dtype !== 'float32' || b.dtype !== 'float32') throw new Error(`matMul on wasm takes float32, not ${a.dtype} and ${b.dtype}.`);
  if (k !== inner) throw new Error(`matMul of [${a.shape}] and [${b.shape}]: the inner sizes ${k} and ${inner} differ.`);
  const outer = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const out = backend.makeOutput([...outer, m, n], 'float32');
  if (k === 0) simdOf(backend).fillWords(addressOf(backend, out), 0, sizeOf(out.shape));
  if (sizeOf(out.shape) === 0 || k === 0) return out;
  const apart = (stride: number): Strides => [0, 0, stride];
  const alongA = { k: apart(transposeA ? m : 1), m: apart(transposeA ? 1 : k) };
  const alongB = { k: apart(transposeB ? 1 : n), n: apart(transposeB ? k : 1) };
  const alongC = { m: apart(n), n: apart(1) };
  const offsetsA = matrixOffsets(a, outer);
  const offsetsB = matrixOffsets(b, outer);
  for (let i = 0; i < sizeOf(outer); i++) {
    multiply(backend, {
      sizes: { m: [1, 1, m], n: [1, 1, n], k: [1, 1, k] },
      a: { tensor: a, offset: offsetsA[i] ?? 0, along: alongA },
      b: { tensor: b, offset: offsetsB[i] ?? 0, along: alongB },
      c: { tensor: out, offset: i * m * n, along: alongC },
    });
  }
  return out;
}

/** Where each matrix of a batch begins, the batch's shape being broadcast to `outer`. */
function matrixOffsets(x: TensorInfo, outer: readonly number[]): number[] {
  const batch = x.shape.slice(0, -2);
  const matrix = sizeOf(x.shape.slice(-2));
  const missing = outer.length - batch.length;
  const strides = denseStrides(batch);
  return outer.reduce<number[]>(
    (offsets, size, axis) => {
      const stride = axis < missing || batch[axis - missing] === 1 ? 0 : (strides[axis - missing] ?? 0) * matrix;
      return offsets.flatMap((offset) => Array.from({ length: size }, (_, i) => offset + i * stride));
    },
    [0],
  );
}

export function batchMatMul({ inputs, attrs, backend }: KernelCall<'a' | 'b', BatchMatMulAttrs>): TensorInfo {
  return matMul(backend, inputs.a, inputs.b, attrs);
}

/** The product, with a bias and an activation after it. */
export function fusedMatMul(
  { inputs, attrs, backend }: KernelCall<'a' | 'b', _FusedMatMulAttrs> & {
    readonly inputs: { readonly bias?: TensorInfo; readonly preluActivationWeights?: TensorInfo };
  },
): TensorInfo {
  const { a, b, bias, preluActivationWeights } = inputs;
  const product = matMul(backend, a, b, attrs);
  return activated(['wasm', backend], product, bias, attrs.activation, { alpha: attrs.leakyreluAlpha, slopes: preluActivationWeights });
}
