import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { activated } from '../../fused-activation.js';
import type { KernelCall } from './kernel.js';
import { asFloats, multiply, type Operand, typeOf, widthOf } from './product.js';

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
    a: matrix('a', 'x', { axes: transposeA ? ['k', 'm'] : ['m', 'k'], shape: a.shape, outer }),
    b: matrix('b', 'y', { axes: transposeB ? ['n', 'k'] : ['k', 'n'], shape: b.shape, outer }),
    place: `fn place(z: u32, m: u32, n: u32) -> u32 { return z * ${m * n}u + m * ${n}u + n; }`,
  } as const;
  return multiply(backend, product, a, b);
}

interface Stored<Axis> {
  /** Of the matrices, as they are stored. */
  readonly axes: readonly [rows: Axis, columns: Axis];
  readonly shape: readonly number[];
  readonly outer: readonly number[];
}

function matrix<Axis extends 'm' | 'n' | 'k'>(name: 'a' | 'b', tensor: 'x' | 'y', { axes: [rows, along], shape, outer }: Stored<Axis>): Operand<Axis> {
  const columns = shape.at(-1) as number;
  const width = widthOf(columns);
  const at = `${matrixAt(shape, outer)} + ${rows} * ${columns}u + ${along}`;
  const parameters = name === 'a' ? 'm: u32, k: u32' : 'k: u32, n: u32';
  return { along, width, code: `fn ${name}(z: u32, ${parameters}) -> ${typeOf(width)} { return ${asFloats(`${tensor}[(${at}) / ${width}u]`, width)}; }` };
}

/** WGSL: where the matrix of batch z begins, the batch's shape being broadcast to `outer`. */
function matrixAt(shape: readonly number[], outer: readonly number[]): string {
  const batch = shape.slice(0, -2);
  let stride = tf.util.sizeFromShape(shape.slice(-2));
  let divisor = 1;
  const terms: string[] = [];
  for (let axis = outer.length - 1; axis >= 0; axis--) {
    const own = batch[axis - (outer.length - batch.length)] ?? 1;
    if (own > 1) terms.push(`((z / ${divisor}u) % ${own}u) * ${stride}u`);
    stride *= own;
    divisor *= outer[axis] as number;
  }
  return terms.length === 0 ? '0u' : terms.join(' + ');
}
