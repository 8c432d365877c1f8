import type { TensorInfo } from '@tensorflow/tfjs';
import { addressOf, dispose, type BackendWasm } from './backend.js';
import { memoryOf, simdOf } from './simd.js';
import { inParts, mostParts } from './threads.js';

/** An index of a product as three nested loops, say over images, rows and columns. */
type Sizes = readonly [number, number, number];

/** How far apart, in elements, neighbours along each of the three loops lie in one matrix. */
export type Strides = readonly [number, number, number];

/** A matrix of the product: from element `offset` of a tensor on, with strides along its two indices. */
interface Matrix<Along extends string> {
  readonly tensor: TensorInfo;
  readonly offset?: number;
  readonly along: Readonly<Record<Along, Strides>>;
}

export interface Product {
  readonly sizes: { readonly m: Sizes; readonly n: Sizes; readonly k: Sizes };
  readonly a: Matrix<'k' | 'm'>;
  readonly b: Matrix<'k' | 'n'>;
  readonly c: Matrix<'m' | 'n'>;
}

const WALK_BYTES = 6 * 6 * 4;

/** What the kernel computes at once. */
const TILE = { rows: 4, columns: 8 } as const;

/** Multiplications in a product that a thread does in some fifty microseconds. */
const WORTHWHILE = 2 ** 19;

/**
 * c[m, n] = sum over k of a[k, m] b[k, n], wherever the numbers lie: with nested indices a convolution is one product, in which
 * k runs over the taps and m over the output pixels, and its gradients are others.
 */
export function multiply(backend: BackendWasm, product: Product): void {
  // Fewer than five columns are cheaper as rows of the kernel's tiles.
  const { sizes, a, b, c } = narrow(product) ? exchanged(product) : product;
  const simd = simdOf(backend);
  const [rows, columns, depth] = [volume(sizes.m), volume(sizes.n), volume(sizes.k)];
  const bytes = simd.multiplyScratchBytes(columns);
  const scratch = backend.makeOutput([(WALK_BYTES + mostParts(backend) * bytes) / 4], 'int32');
  const walks = addressOf(backend, scratch);
  const [aK, bK] = merged(sizes.k, a.along.k, b.along.k);
  const [aM, cM] = merged(sizes.m, a.along.m, c.along.m);
  const [bN, cN] = merged(sizes.n, b.along.n, c.along.n);
  new Int32Array(memoryOf(backend).buffer, walks, WALK_BYTES / 4).set([...aK, ...aM, ...bK, ...bN, ...cM, ...cN]);
  const start = ({ tensor, offset = 0 }: Matrix<never>): number => addressOf(backend, tensor) + offset * 4;
  const operands = (part: number): number[] => [start(c), start(a), start(b), walks, walks + WALK_BYTES + part * bytes];
  // Each part packs the whole of the operand that is not parted: the shorter one.
  if (rows >= columns) {
    const parts = { size: rows, grain: TILE.rows, worthwhile: Math.ceil(WORTHWHILE / (columns * depth)) };
    inParts(backend, 'multiply', parts, (from, count, part) => [...operands(part), from, from + count, 0, columns]);
  } else {
    const parts = { size: columns, grain: TILE.columns, worthwhile: Math.ceil(WORTHWHILE / (rows * depth)) };
    inParts(backend, 'multiply', parts, (from, count, part) => [...operands(part), 0, rows, from, from + count]);
  }
  dispose(backend, scratch);
}

function volume([outer, middle, inner]: Sizes): number {
  return outer * middle * inner;
}

function narrow({ sizes: { m, n } }: Product): boolean {
  return volume(n) <= 4 && volume(m) > volume(n);
}

/** The product of the transposes: rows become columns. */
function exchanged({ sizes, a, b, c }: Product): Product {
  return {
    sizes: { ...sizes, m: sizes.n, n: sizes.m },
    a: { ...b, along: { k: b.along.k, m: b.along.n } },
    b: { ...a, along: { k: a.along.k, n: a.along.m } },
    c: { ...c, along: { m: c.along.n, n: c.along.m } },
  };
}

/** Sizes and strides of one index in two matrices; the two inner loops become one where both matrices allow it. */
function merged(sizes: Sizes, first: Strides, second: Strides): [number[], number[]] {
  const [outer, middle, inner] = sizes;
  const canMerge = [first, second].every((strides) => middle === 1 || strides[1] === inner * strides[2]);
  if (!canMerge) return [[...sizes, ...first], [...sizes, ...second]];
  const walk = (strides: Strides): number[] => [1, outer, middle * inner, 0, strides[0], strides[2]];
  return [walk(first), walk(second)];
}
