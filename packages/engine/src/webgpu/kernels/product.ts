import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
import { sumOfSlices } from './slices.js';

/**
 * Products of matrices that lie in memory in any way: `a` gives A[z][m, k], `b` gives B[z][k, n], `put` takes C[z][m, n]. All matrix products,
 * convolutions and their gradients are such products. Sizes are written into the shader, so that divisions by them are cheap.
 */
export interface Product {
  /** With all that the code below depends on besides the sizes. */
  readonly key: string;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** How many products, by z. */
  readonly batches: number;
  /** Shape of what is put out, and its number of elements that a `put` may name. */
  readonly outShape: readonly number[];
  /**
   * WGSL: `fn a(z: i32, m: i32, k: i32) -> f32`, called within the sizes only. The operands are `x` and `y`; as everywhere they may be integers, which
   * TensorFlow.js casts to floats by a change of name.
   */
  readonly a: string;
  /** WGSL: `fn b(z: i32, k: i32, n: i32) -> f32`. */
  readonly b: string;
  /** WGSL: `fn place(z: i32, m: i32, n: i32) -> i32`, where in what is put out an element goes; -1: nowhere. */
  readonly place: string;
  /** Which way neighbours in memory lie in A and B: threads side by side read them. */
  readonly aAlong: 'm' | 'k';
  readonly bAlong: 'n' | 'k';
}

/** Each thread puts out so many rows and columns. */
const PER_THREAD = 4;
/** Terms that are in the workgroup's memory at a time. */
const TILE_K = 16;
/** About so many workgroups keep a large GPU busy; a product with fewer has its sum cut into slices. */
const WORKGROUPS = 256;
/** Terms of a slice, at least. */
const SLICE = 256;

/** Runs a product; one with few results and long sums in slices that are added up afterwards, always in the same order. */
export function multiply(backend: WebGPUBackend, product: Product, x: tf.TensorInfo, y: tf.TensorInfo): tf.TensorInfo {
  const [tileM, tileN] = [tileFor(product.m), tileFor(product.n)];
  const workgroups = Math.ceil(product.m / tileM) * Math.ceil(product.n / tileN) * product.batches;
  const slices = Math.max(1, Math.min(Math.floor(WORKGROUPS / workgroups), Math.floor(product.k / SLICE)));
  const sliced = backend.runWebGPUProgram(new ProductProgram(product, tileM, tileN, slices), [x, y], 'float32');
  if (slices === 1) return sliced;
  const sum = sumOfSlices(backend, sliced, product.outShape);
  backend.disposeData(sliced.dataId);
  return sum;
}

/** Rows or columns of a workgroup's tile: no larger than there is use for. */
function tileFor(size: number): number {
  if (size > 32) return 64;
  return size > 16 ? 32 : 16;
}

class ProductProgram implements WebGPUProgram {
  readonly variableNames = ['x', 'y'];
  readonly outputShape: number[];
  readonly workgroupSize: [number, number, number];
  readonly dispatch: [number, number, number];
  readonly dispatchLayout = { x: [0], y: [1], z: [2] };
  shaderKey: string;

  constructor(
    private readonly product: Product,
    private readonly tileM: number,
    private readonly tileN: number,
    private readonly slices: number,
  ) {
    const { m, n, k, batches, outShape, key } = product;
    this.outputShape = slices === 1 ? [...outShape] : [slices, ...outShape];
    this.workgroupSize = [tileN / PER_THREAD, tileM / PER_THREAD, 1];
    this.dispatch = [Math.ceil(m / tileM), Math.ceil(n / tileN), batches * slices];
    this.shaderKey = `product ${key} ${[m, n, k, batches, outShape.join('x'), tileM, tileN, slices].join(' ')}`;
  }

  getUserCode(): string {
    const { tileM, tileN, slices } = this;
    const { m, n, k, batches, outShape, a, b, place, aAlong, bAlong } = this.product;
    const threads = (tileM / PER_THREAD) * (tileN / PER_THREAD);
    const terms = Math.ceil(Math.ceil(k / slices) / TILE_K) * TILE_K;
    const size = tf.util.sizeFromShape([...outShape]);
    return `
${a}
${b}
${place}
var<workgroup> tileA: array<vec4<f32>, ${(TILE_K * tileM) / 4}>;
var<workgroup> tileB: array<vec4<f32>, ${(TILE_K * tileN) / 4}>;

fn elementA(z: i32, row: i32, term: i32, last: i32) -> f32 {
  if (row < ${m} && term < last) { return a(z, row, term); }
  return 0.0;
}
fn elementB(z: i32, term: i32, column: i32, last: i32) -> f32 {
  if (column < ${n} && term < last) { return b(z, term, column); }
  return 0.0;
}

fn main() {
  _ = uniforms.NAN; // they are always bound, so they have to be used
  let z = i32(workgroupId.z) % ${batches};
  let slice = i32(workgroupId.z) / ${batches};
  let firstRow = i32(workgroupId.x) * ${tileM};
  let firstColumn = i32(workgroupId.y) * ${tileN};
  let firstTerm = slice * ${terms};
  let last = min(${k}, firstTerm + ${terms});
  let thread = i32(localIndex);
  let threadRow = i32(localId.y);
  let threadColumn = i32(localId.x);
  var sums: array<vec4<f32>, ${PER_THREAD}>;

  // As often in every workgroup, so that a barrier may stand inside.
  for (var step = 0; step < ${terms / TILE_K}; step++) {
    let term = firstTerm + step * ${TILE_K};
    for (var i = thread; i < ${(TILE_K * tileM) / 4}; i += ${threads}) {
      ${indices(aAlong === 'k', tileM / 4)}
      let row = firstRow + 4 * four;
      tileA[k * ${tileM / 4} + four] = vec4<f32>(elementA(z, row, term + k, last), elementA(z, row + 1, term + k, last), elementA(z, row + 2, term + k, last), elementA(z, row + 3, term + k, last));
    }
    for (var i = thread; i < ${(TILE_K * tileN) / 4}; i += ${threads}) {
      ${indices(bAlong === 'k', tileN / 4)}
      let column = firstColumn + 4 * four;
      tileB[k * ${tileN / 4} + four] = vec4<f32>(elementB(z, term + k, column, last), elementB(z, term + k, column + 1, last), elementB(z, term + k, column + 2, last), elementB(z, term + k, column + 3, last));
    }
    workgroupBarrier();
    for (var k = 0; k < ${TILE_K}; k++) {
      let left = tileA[k * ${tileM / 4} + threadRow];
      let right = tileB[k * ${tileN / 4} + threadColumn];
      sums[0] = fma(vec4<f32>(left.x), right, sums[0]);
      sums[1] = fma(vec4<f32>(left.y), right, sums[1]);
      sums[2] = fma(vec4<f32>(left.z), right, sums[2]);
      sums[3] = fma(vec4<f32>(left.w), right, sums[3]);
    }
    workgroupBarrier();
  }

  for (var i = 0; i < ${PER_THREAD}; i++) {
    let row = firstRow + ${PER_THREAD} * threadRow + i;
    if (row >= ${m}) { continue; }
    for (var j = 0; j < ${PER_THREAD}; j++) {
      let column = firstColumn + ${PER_THREAD} * threadColumn + j;
      if (column >= ${n}) { continue; }
      let to = place(z, row, column);
      if (to >= 0) { result[slice * ${size} + to] = sums[i][j]; }
    }
  }
}`;
  }
}

/** Which term and which four rows or columns the i-th element of a tile is, so that neighbours in i are neighbours in memory. */
function indices(alongK: boolean, fours: number): string {
  return alongK ? `let k = i % ${TILE_K}; let four = i / ${TILE_K};` : `let four = i % ${fours}; let k = i / ${fours};`;
}
