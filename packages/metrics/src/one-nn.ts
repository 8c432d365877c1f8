import { type Matrix, MetricError } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { checkFeatures, checkSameDimensions } from './features.js';

/** Features of samples whose classes are known. */
export interface LabelledFeatures {
  readonly features: Matrix;
  /** [features.rows] */
  readonly labels: ArrayLike<number>;
}

/** Rows of a product at a time: 8 MB of distances. */
const QUERIES = 256;
const CANDIDATES = 8192;

/**
 * Share of test samples whose nearest training sample (Euclidean) is of their class, 0 .. 1. Donahue et al. 2016 (arXiv
 * 1605.09782), section 4.2, measure features so.
 * @throws {MetricError} for bad features, different dimensions, or a label too few or too many.
 */
export async function oneNearestNeighbourAccuracy(train: LabelledFeatures, test: LabelledFeatures): Promise<number> {
  for (const [name, { features, labels }] of Object.entries({ training: train, test })) {
    if (labels.length === features.rows) continue;
    throw new MetricError(`There are ${labels.length} labels for ${features.rows} ${name} features.`, { remedy: 'Give one label per sample.' });
  }
  const nearest = await nearestRows(train.features, test.features);
  return nearest.reduce((hits, row, i) => hits + (train.labels[row] === test.labels[i] ? 1 : 0), 0) / nearest.length;
}

/**
 * For each query the row of `among` at the smallest Euclidean distance; of equally near ones the first. Products are
 * float32 on the current engine, in blocks; what they cannot tell apart for sure is decided in float64, so that every
 * engine gives the same answer.
 * @throws {MetricError} for bad features or different dimensions.
 */
export async function nearestRows(among: Matrix, queries: Matrix): Promise<Uint32Array> {
  checkFeatures(among, 'training features');
  checkFeatures(queries, 'test features');
  checkSameDimensions(among.columns, queries.columns);
  const [squaresAmong, squaresOfQueries] = [squaredLengths(among), squaredLengths(queries)];
  const margins = errorBounds(squaresAmong, squaresOfQueries, among.columns);
  const nearest = new Uint32Array(queries.rows);
  for (let first = 0; first < queries.rows; first += QUERIES) {
    const rows = Array.from({ length: Math.min(QUERIES, queries.rows - first) }, (_, i) => new Shortlist(margins[first + i] as number));
    for (let start = 0; start < among.rows; start += CANDIDATES) {
      const count = Math.min(CANDIDATES, among.rows - start);
      const products = await innerProducts(queries, first, rows.length, among, start, count);
      rows.forEach((row, i) => {
        for (let j = 0; j < count; j++) {
          // |q - a|^2 without |q|^2, which all candidates have in common
          row.offer(start + j, (squaresAmong[start + j] as number) - 2 * (products[i * count + j] as number));
        }
      });
    }
    rows.forEach((row, i) => (nearest[first + i] = exactlyNearest(among, queries, first + i, row.rows())));
  }
  return nearest;
}

/** Rows that may be nearest, given distances that are right to within `margin`. */
class Shortlist {
  private limit = Infinity;
  private entries: { readonly row: number; readonly distance: number }[] = [];

  constructor(private readonly margin: number) {}

  offer(row: number, distance: number): void {
    if (distance > this.limit) return;
    this.entries.push({ row, distance });
    this.limit = Math.min(this.limit, distance + 2 * this.margin);
  }

  /** In their order. */
  rows(): number[] {
    return this.entries.filter(({ distance }) => distance <= this.limit).map(({ row }) => row);
  }
}

/**
 * How far a distance may be off: twice the error of an inner product q.a, whose sum of k terms is off by at most
 * k 2^-24 |q| |a| in whatever order, and whose factors by 2^-11 each (on NVIDIA GPUs TensorFlow rounds them to TF32).
 */
function errorBounds(squaresAmong: Float64Array, squaresOfQueries: Float64Array, columns: number): Float64Array {
  const longest = Math.sqrt(squaresAmong.reduce((most, square) => Math.max(most, square), 0));
  const relative = 2 * (1.01 * columns * 2 ** -24 + 2 * 2 ** -11);
  return squaresOfQueries.map((square) => relative * Math.sqrt(square) * longest);
}

/** [count of queries, count of candidates], row by row. */
async function innerProducts(queries: Matrix, first: number, rows: number, among: Matrix, start: number, count: number): Promise<Float32Array> {
  const products = tf.tidy(() => tf.matMul(block(queries, first, rows), block(among, start, count), false, true));
  try {
    return (await products.data()) as Float32Array;
  } finally {
    products.dispose();
  }
}

function block({ data, columns }: Matrix, start: number, rows: number): tf.Tensor2D {
  return tf.tensor2d(Float32Array.from(data.subarray(start * columns, (start + rows) * columns)), [rows, columns]);
}

function exactlyNearest(among: Matrix, queries: Matrix, query: number, rows: readonly number[]): number {
  let [nearest, least] = [rows[0] as number, Infinity];
  for (const row of rows.length === 1 ? [] : rows) {
    const distance = squaredDistance(among, row, queries, query);
    if (distance < least) [nearest, least] = [row, distance];
  }
  return nearest;
}

function squaredDistance(a: Matrix, rowOfA: number, b: Matrix, rowOfB: number): number {
  let sum = 0;
  for (let i = rowOfA * a.columns, j = rowOfB * b.columns, end = i + a.columns; i < end; i++, j++) sum += ((a.data[i] as number) - (b.data[j] as number)) ** 2;
  return sum;
}

function squaredLengths({ data, rows, columns }: Matrix): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let at = row * columns; at < (row + 1) * columns; at++) sum += (data[at] as number) ** 2;
    return sum;
  });
}
