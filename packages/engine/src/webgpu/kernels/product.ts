import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
import { sumOfSlices } from './slices.js';

/**
 * Products of matrices that lie in memory in any way: `a` gives A[z][m, k], `b` gives B[z][k, n], `place` says where C[z][m, n] goes. All matrix products,
 * convolutions and their gradients are such products. Sizes are written into the shader, so that divisions by them are cheap, and numbers are
 * unsigned, so that divisions by powers of two are one operation.
 */
export interface Product {
  /** With all that the code below depends on besides the sizes. */
  readonly key: string;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** How many products, by z. */
  readonly batches: number;
  /** Shape of what is put out, and its number of elements that a `place` may name. */
  readonly outShape: readonly number[];
  /** Of the tensor `x`; WGSL: `fn a(z: u32, m: u32, k: u32)`. */
  readonly a: Operand<'m' | 'k'>;
  /** Of the tensor `y`; WGSL: `fn b(z: u32, k: u32, n: u32)`. */
  readonly b: Operand<'n' | 'k'>;
  /** WGSL: `fn place(z: u32, m: u32, n: u32) -> u32`, where in what is put out an element goes; `NOWHERE`: nowhere. */
  readonly place: string;
}

/** How the elements of a matrix are found in a tensor. */
export interface Operand<Axis> {
  /** Which way neighbours in memory lie: threads side by side read them. */
  readonly along: Axis;
  /**
   * 4: the tensor is there as fours (`array<vec4<T>>`), and the function gives the four elements from a number on that is divisible by four, all of which
   * are in a four together. Reading and finding one takes as long as for one element.
   */
  readonly width: 1 | 4;
  /** WGSL, a function of f32 or vec4<f32>, called within the sizes only. Tensors may be of integers, which TensorFlow.js casts to floats by a change of name. */
  readonly code: string;
}

/** Whether the elements of an axis of that size, which lie side by side, can be read in fours. */
export function widthOf(size: number): 1 | 4 {
  return size % 4 === 0 ? 4 : 1;
}

/** WGSL: of an expression, as floats. */
export function asFloats(expression: string, width: 1 | 4): string {
  return `${typeOf(width)}(${expression})`;
}

/** WGSL: that of an operand's function. */
export function typeOf(width: 1 | 4): string {
  return width === 4 ? 'vec4<f32>' : 'f32';
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
  readonly variableComponents: number[];
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
    const { m, n, k, batches, outShape, key, a, b } = product;
    this.variableComponents = [a.width, b.width];
    this.outputShape = slices === 1 ? [...outShape] : [slices, ...outShape];
    this.workgroupSize = [tileN / PER_THREAD, tileM / PER_THREAD, 1];
    this.dispatch = [Math.ceil(m / tileM), Math.ceil(n / tileN), batches * slices];
    this.shaderKey = `product ${key} ${[m, n, k, batches, outShape.join('x'), tileM, tileN, slices].join(' ')}`;
  }

  getUserCode(): string {
    const { tileM, tileN, slices } = this;
    const { m, n, k, batches, outShape, a, b, place } = this.product;
    const threads = (tileM / PER_THREAD) * (tileN / PER_THREAD);
    const terms = Math.ceil(Math.ceil(k / slices) / TILE_K) * TILE_K;
    const steps = terms / TILE_K;
    const size = tf.util.sizeFromShape([...outShape]);
    const [tileA, tileB] = [new Tile('A', a, tileM, threads), new Tile('B', b, tileN, threads)];
    return `
const NOWHERE = 0xffffffffu;
${a.code}
${b.code}
${place}
${tileA.code(m, (first, term) => `a(z, ${first}, ${term})`)}
${tileB.code(n, (first, term) => `b(z, ${term}, ${first})`)}

fn plusProduct(sums: mat4x4<f32>, left: vec4<f32>, right: vec4<f32>) -> mat4x4<f32> {
  return mat4x4<f32>(${[0, 1, 2, 3].map((i) => `fma(vec4<f32>(left[${i}]), right, sums[${i}])`).join(', ')});
}

fn main() {
  _ = uniforms.NAN; // they are always bound, so they have to be used
  let z = workgroupId.z % ${batches}u;
  let slice = workgroupId.z / ${batches}u;
  let firstA = workgroupId.x * ${tileM}u;
  let firstB = workgroupId.y * ${tileN}u;
  let firstTerm = slice * ${terms}u;
  let last = min(${k}u, firstTerm + ${terms}u);
  var sums: mat4x4<f32>; // columns are the thread's rows
  // What the next step needs is on its way while this one computes.
  ${tileA.declare()}
  ${tileB.declare()}
  ${tileA.read('firstTerm')}
  ${tileB.read('firstTerm')}

  // As often in every workgroup, so that a barrier may stand inside.
  for (var step = 0u; step < ${steps}u; step++) {
    ${tileA.write()}
    ${tileB.write()}
    workgroupBarrier();
    if (step < ${steps - 1}u) {
      let term = firstTerm + (step + 1u) * ${TILE_K}u;
      ${tileA.read('term')}
      ${tileB.read('term')}
    }
    for (var k = 0u; k < ${TILE_K / 4}u; k++) {
      ${tileA.load('localId.y')}
      ${tileB.load('localId.x')}
      ${[0, 1, 2, 3].map((term) => `sums = plusProduct(sums, ${tileA.ofTerm(term)}, ${tileB.ofTerm(term)});`).join(' ')}
    }
    workgroupBarrier();
  }

  for (var i = 0u; i < ${PER_THREAD}u; i++) {
    let row = firstA + ${tileA.rowOf('localId.y', 'i')};
    if (row >= ${m}u) { continue; }
    for (var j = 0u; j < ${PER_THREAD}u; j++) {
      let column = firstB + ${tileB.rowOf('localId.x', 'j')};
      if (column >= ${n}u) { continue; }
      let to = place(z, row, column);
      if (to != NOWHERE) { result[slice * ${size}u + to] = sums[i][j]; }
    }
  }
}`;
  }
}

/**
 * A part of a matrix in the workgroup's memory, in fours, of which every thread moves the same number there: as they lie in the tensor, which is
 * fours of terms, [rows][terms / 4], or else fours of rows (for B: of columns), [terms][rows / 4].
 */
class Tile {
  private readonly ofTerms: boolean;
  private readonly perThread: number;
  /** Fours from one row or term to the next. With one more than there are, threads that read the same term of neighbouring rows meet no memory bank twice. */
  private readonly stride: number;

  constructor(
    private readonly name: 'A' | 'B',
    private readonly operand: Operand<string>,
    private readonly rows: number,
    private readonly threads: number,
  ) {
    this.ofTerms = operand.along === 'k' && operand.width === 4;
    this.perThread = (TILE_K * rows) / 4 / threads;
    this.stride = this.ofTerms ? TILE_K / 4 + 1 : rows / 4;
  }

  /**
   * Functions that read the i-th four of the part that begins at `first` and `term` from the tensor, and write it to the tile.
   * @param size rows of the whole matrix.
   * @param element WGSL: the operand's function, called.
   */
  code(size: number, element: (first: string, term: string) => string): string {
    const { name, rows, stride, ofTerms, operand: { along, width } } = this;
    const type = typeOf(width);
    // Neighbours in i are neighbours in memory.
    const at = ofTerms
      ? `let k = 4u * (i % ${TILE_K / 4}u); let row = i / ${TILE_K / 4}u;`
      : along === 'k'
        ? `let k = i % ${TILE_K}u; let row = 4u * (i / ${TILE_K}u);`
        : `let k = i / ${rows / 4}u; let row = 4u * (i % ${rows / 4}u);`;
    const four = [0, 1, 2, 3].map((j) => `inside${name}(z, first + row + ${j}u, term + k, last)`);
    return `
var<workgroup> tile${name}: array<vec4<f32>, ${stride * (ofTerms ? rows : TILE_K)}>;
// Outside of the matrix the first element is read and not used: a branch would have each thread wait for one value after the other.
fn inside${name}(z: u32, row: u32, term: u32, last: u32) -> ${type} {
  let inside = row < ${size}u && term < last;
  return select(${type}(), ${element('select(0u, row, inside)', 'select(0u, term, inside)')}, inside);
}
fn read${name}(i: u32, z: u32, first: u32, term: u32, last: u32) -> vec4<f32> {
  ${at}
  return ${width === 4 ? four[0] : `vec4<f32>(${four.join(', ')})`};
}
fn write${name}(i: u32, four: vec4<f32>) {
  ${at}
  tile${name}[${ofTerms ? `row * ${stride}u + k / 4u` : `k * ${stride}u + row / 4u`}] = four;
}`;
  }

  /** Which row of the tile is a thread's i-th. */
  rowOf(thread: string, i: string): string {
    return this.ofTerms ? `${thread} + ${this.rows / PER_THREAD}u * ${i}` : `${PER_THREAD}u * ${thread} + ${i}`;
  }

  /** The thread's rows of the k-th four terms. */
  load(thread: string): string {
    const { name, stride, ofTerms } = this;
    return [0, 1, 2, 3].map((i) => `let ${name.toLowerCase()}${i} = tile${name}[${ofTerms ? `(${this.rowOf(thread, `${i}u`)}) * ${stride}u + k` : `(4u * k + ${i}u) * ${stride}u + ${thread}`}];`).join(' ');
  }

  /** Of what is loaded, the thread's rows of one term. */
  ofTerm(term: number): string {
    const loaded = this.name.toLowerCase();
    return this.ofTerms ? `vec4<f32>(${[0, 1, 2, 3].map((i) => `${loaded}${i}[${term}]`).join(', ')})` : `${loaded}${term}`;
  }

  declare(): string {
    return `var held${this.name}: array<vec4<f32>, ${this.perThread}>;`;
  }

  read(term: string): string {
    return this.each((q, i) => `held${this.name}[${q}] = read${this.name}(${i}, z, first${this.name}, ${term}, last);`);
  }

  write(): string {
    return this.each((q, i) => `write${this.name}(${i}, held${this.name}[${q}]);`);
  }

  /** A loop, because some compilers take very long for many copies of an operand's code. */
  private each(line: (q: string, i: string) => string): string {
    if (this.perThread === 1) return line('0', 'localIndex');
    return `for (var q = 0u; q < ${this.perThread}u; q++) { ${line('q', `localIndex + q * ${this.threads}u`)} }`;
  }
}
