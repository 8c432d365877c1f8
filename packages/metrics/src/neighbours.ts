import { type Matrix, MetricError } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { checkFeatures, checkSameDimensions, columnMeans } from './features.js';

/**
 * Euclidean distances between all pairs of two sets of points, for questions of the kind "nearer than": which point is nearest, how many
 * lie within a radius. Products are float32 on the current engine, in blocks; what they cannot tell for sure is decided in
 * float64, so that every engine gives the same answer.
 */

/** Rows of a product at a time: 2 MB of distances, which stay in a processor's cache. */
const QUERIES = 256;
const CANDIDATES = 2048;

/**
 * A query's distances to a run of candidates, for whose loops it is made: the squared distance to candidate `start + j`, right to
 * within `margin`, is `square + beyond[at + j]`, for j < count.
 */
export interface Row {
  readonly query: number;
  readonly margin: number;
  readonly start: number;
  readonly count: number;
  readonly at: number;
  /** What a squared distance has beyond the query's own squared length: |a|^2 - 2 q.a, for many queries and candidates. */
  readonly beyond: Float32Array;
  readonly square: number;
}

/** Calls `visit` with every query and run of candidates. @param rows of the queries; default: all. */
export async function forEachRow(among: Matrix, queries: Matrix, visit: (row: Row) => void, rows: ArrayLike<number> = range(queries.rows)): Promise<void> {
  const mean = columnMeans(among); // around it products are as small as they get, and so are their errors
  const width = among.columns + 1;
  const candidates = centred(among, mean, 'candidates');
  const asking = centred(queries, mean, 'queries');
  const longest = candidates.squares.reduce((most, square) => Math.max(most, square), 0);
  const precision = precisionOf(width);
  for (let first = 0; first < rows.length; first += QUERIES) {
    const block = Array.from({ length: Math.min(QUERIES, rows.length - first) }, (_, i) => rows[first + i] as number);
    const asked = gathered(asking.values, width, block);
    for (let start = 0; start < among.rows; start += CANDIDATES) {
      const count = Math.min(CANDIDATES, among.rows - start);
      const beyond = await innerProducts(asked, candidates.values.subarray(start * width, (start + count) * width), width);
      block.forEach((query, i) => {
        const square = asking.squares[query] as number;
        visit({ query, margin: precision * (2 * Math.sqrt(square * longest) + longest), start, count, at: i * count, beyond, square });
      });
    }
  }
}

/**
 * For each query the row of `among` at the smallest distance; of equally near ones the first.
 * @throws {MetricError} for bad features or different dimensions.
 */
export async function nearestRows(among: Matrix, queries: Matrix): Promise<Uint32Array> {
  checkFeatures(among, 'training features');
  checkFeatures(queries, 'test features');
  checkSameDimensions(among.columns, queries.columns);
  const shortlists = Array.from({ length: queries.rows }, () => new Shortlist(1));
  await forEachRow(among, queries, (row) => (shortlists[row.query] as Shortlist).offer(row, -1));
  return Uint32Array.from(shortlists, (shortlist, query) => {
    let [nearest, least] = [0, Infinity];
    for (const row of shortlist.rows()) {
      const distance = squaredDistance(among, row, queries, query);
      if (distance < least) [nearest, least] = [row, distance];
    }
    return nearest;
  });
}

/**
 * Squared distances of points to their k nearest other points, nearest first, exact in float64. Equal points are others.
 * @param rows the points that are asked about; default: all.
 * @returns [rows.length, k]
 * @throws {MetricError} for bad features, or when there are not k others.
 */
export async function nearestOthers(points: Matrix, k: number, rows: ArrayLike<number> = range(points.rows), name = 'features'): Promise<Float64Array[]> {
  checkFeatures(points, name);
  if (!(Number.isInteger(k) && k >= 1 && k < points.rows)) {
    throw new MetricError(`The ${k} nearest others were asked for among the ${points.rows} samples of the ${name}.`, {
      remedy: `Ask for 1 to ${points.rows - 1}, or give more samples.`,
    });
  }
  const shortlists = new Map<number, Shortlist>(Array.from(rows, (row) => [row, new Shortlist(k)]));
  await forEachRow(points, points, (row) => (shortlists.get(row.query) as Shortlist).offer(row, row.query), rows);
  return Array.from(rows, (query) => {
    const exact = (shortlists.get(query) as Shortlist).rows().map((row) => squaredDistance(points, row, points, query));
    return Float64Array.from(exact).sort().slice(0, k);
  });
}

/** Squared distance of two rows, the same in both directions. */
export function squaredDistance(a: Matrix, rowOfA: number, b: Matrix, rowOfB: number): number {
  let sum = 0;
  for (let i = rowOfA * a.columns, j = rowOfB * b.columns, end = i + a.columns; i < end; i++, j++) sum += ((a.data[i] as number) - (b.data[j] as number)) ** 2;
  return sum;
}

/** Rows that may be among the k nearest to a query, given distances that are right to within a margin. */
class Shortlist {
  /** The k smallest distances so far, ascending. */
  private readonly smallest: number[] = [];
  private entries: { readonly row: number; readonly distance: number }[] = [];
  private limit = Infinity;

  constructor(private readonly k: number) {}

  /** @param self a row that does not count; -1: none. */
  offer({ start, count, at, beyond, square, margin }: Row, self: number): void {
    let limit = this.limit - square;
    for (let j = 0; j < count; j++) {
      const more = beyond[at + j] as number;
      if (more > limit || start + j === self) continue;
      this.entries.push({ row: start + j, distance: square + more });
      this.note(square + more, margin);
      limit = this.limit - square;
    }
    if (this.entries.length > this.k) this.entries = this.entries.filter((entry) => entry.distance <= this.limit);
  }

  /** In their order. */
  rows(): number[] {
    return this.entries.filter(({ distance }) => distance <= this.limit).map(({ row }) => row);
  }

  /** The k nearest are right to within the margin, and so is whatever may still beat them. */
  private note(distance: number, margin: number): void {
    const { smallest, k } = this;
    if (smallest.length === k && distance >= (smallest[k - 1] as number)) return;
    const place = smallest.findIndex((other) => other > distance);
    smallest.splice(place < 0 ? smallest.length : place, 0, distance);
    if (smallest.length > k) smallest.pop();
    if (smallest.length === k) this.limit = (smallest[k - 1] as number) + 2 * margin;
  }
}

/** Points about a centre, in float32, each with one number more, and their squared lengths. */
interface Centred {
  /** [rows, columns + 1]: -2 q and 1 of queries, a and |a|^2 of candidates, so that their product is |a|^2 - 2 q.a. */
  readonly values: Float32Array;
  readonly squares: Float64Array;
}

function centred({ data, rows, columns }: Matrix, mean: Float64Array, as: 'queries' | 'candidates'): Centred {
  const values = new Float32Array(rows * (columns + 1));
  const squares = new Float64Array(rows);
  const factor = as === 'queries' ? -2 : 1;
  for (let row = 0, at = 0, to = 0; row < rows; row++) {
    let square = 0;
    for (let j = 0; j < columns; j++, at++, to++) {
      const value = (data[at] as number) - (mean[j] as number);
      values[to] = factor * value;
      square += value * value;
    }
    squares[row] = square;
    values[to++] = as === 'queries' ? 1 : square;
  }
  return { values, squares };
}

/**
 * How far a product of so many terms may be off, as a share of what its terms may come to (2 |q| |a| + |a|^2): a sum of k terms by
 * k 2^-24 in whatever order, and each factor by 2^-24 when it becomes float32. On GPUs, where TensorFlow rounds factors to TF32, by
 * 2^-11 each.
 */
function precisionOf(terms: number): number {
  const rounded = tf.getBackend() === 'wasm' || tf.getBackend() === 'cpu' || isOnProcessor() ? 0 : 2 * 2 ** -11;
  return 1.01 * (terms + 2) * 2 ** -24 + rounded;
}

/** Of tfjs-node's back end, which has one name for both. */
function isOnProcessor(): boolean {
  return (tf.backend() as { isUsingGpuDevice?: boolean }).isUsingGpuDevice === false;
}

/** [queries, candidates], row by row. */
async function innerProducts(queries: Float32Array, candidates: Float32Array, columns: number): Promise<Float32Array> {
  const products = tf.tidy(() => tf.matMul(tf.tensor2d(queries, [queries.length / columns, columns]), tf.tensor2d(candidates, [candidates.length / columns, columns]), false, true));
  try {
    return (await products.data()) as Float32Array;
  } finally {
    products.dispose();
  }
}

function gathered(values: Float32Array, columns: number, rows: readonly number[]): Float32Array {
  const taken = new Float32Array(rows.length * columns);
  rows.forEach((row, i) => taken.set(values.subarray(row * columns, (row + 1) * columns), i * columns));
  return taken;
}

function range(length: number): Uint32Array {
  return Uint32Array.from({ length }, (_, i) => i);
}
