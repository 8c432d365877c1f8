import { type Float64Algebra, MetricError, type Matrix, type Random } from '@ganzoo/core';

export interface AlgebraOptions {
  /** The engine's algebra: for features of many dimensions ten times and more as fast as plain JavaScript. */
  readonly float64?: Float64Algebra | undefined;
}

/** Dimensions from which on the engine's algebra is used where there is one: below, plain JavaScript is as fast, and sharper still. */
export const MANY_DIMENSIONS = 256;

/** A matrix from rows of numbers, in float64. For tests and small inputs. */
export function matrixFromRows(rows: readonly (readonly number[])[]): Matrix {
  const columns = rows[0]?.length ?? 0;
  const ragged = rows.findIndex((row) => row.length !== columns);
  if (ragged >= 0) {
    throw new MetricError(`Row ${ragged} has ${rows[ragged]?.length} values, row 0 has ${columns}.`, {
      remedy: 'Give every row the same number of values.',
    });
  }
  return { data: Float64Array.from(rows.flat()), rows: rows.length, columns };
}

/** The rows at `indices`, in that order, as numbers of the same kind. */
export function takeRows(matrix: Matrix, indices: ArrayLike<number>): Matrix {
  const { columns } = matrix;
  const size = indices.length * columns;
  const data = matrix.data instanceof Float32Array ? new Float32Array(size) : new Float64Array(size);
  for (let i = 0; i < indices.length; i++) {
    const start = (indices[i] as number) * columns;
    data.set(matrix.data.subarray(start, start + columns), i * columns);
  }
  return { data, rows: indices.length, columns };
}

/** [columns] */
export function columnMeans({ data, rows, columns }: Matrix): Float64Array {
  const mean = new Float64Array(columns);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let j = 0; j < columns; j++, at++) mean[j] = (mean[j] as number) + (data[at] as number) / rows;
  }
  return mean;
}

/** `count` different indices of 0 .. length - 1 in random order. */
export function drawWithoutReplacement(length: number, count: number, random: Random): Uint32Array {
  return random.permutation(length).subarray(0, count);
}

/**
 * @param name how the message calls the matrix: `real features`.
 * @throws {MetricError} when there are fewer than two rows or no columns, when the data do not have rows x columns
 *   values, or when a value is NaN or infinite.
 */
export function checkFeatures(matrix: Matrix, name: string): void {
  const { data, rows, columns } = matrix;
  if (rows < 2) {
    throw new MetricError(`There ${rows === 1 ? 'is 1 sample' : `are ${rows} samples`} in the ${name}.`, {
      remedy: 'Give at least 2 samples; a stable score needs thousands.',
    });
  }
  if (columns < 1 || data.length !== rows * columns) {
    throw new MetricError(`The ${name} have ${data.length} values, which is not ${rows} rows of ${columns} columns.`, {
      remedy: 'Give a row-major matrix of rows x columns values, with at least one column.',
    });
  }
  const bad = firstNotFinite(data);
  if (bad >= 0) {
    const place = `row ${Math.floor(bad / columns)}, column ${bad % columns}`;
    throw new MetricError(`The ${name} hold ${data[bad]} in ${place}.`, {
      remedy: 'Look for a diverged generator or a damaged image: features must be finite.',
    });
  }
}

/** A loop: `findIndex` takes seconds for the hundred million values of 50,000 Inception features. */
function firstNotFinite(data: Matrix['data']): number {
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return i;
  return -1;
}

/** {@link checkFeatures} of both. @throws {MetricError} also when they have different numbers of columns. */
export function checkFeaturePair(real: Matrix, generated: Matrix): void {
  checkFeatures(real, 'real features');
  checkFeatures(generated, 'generated features');
  checkSameDimensions(real.columns, generated.columns);
}

/** @throws {MetricError} when the two sides have different numbers of features. */
export function checkSameDimensions(real: number, generated: number): void {
  if (real !== generated) {
    throw new MetricError(`The real features have ${real} dimensions, the generated ones ${generated}.`, {
      remedy: 'Use the same extractor on both sides.',
    });
  }
}

/** @throws {MetricError} when all rows are equal: whatever is asked of their distances then has no answer. */
export function checkVaries({ data, rows, columns }: Matrix, name: string): void {
  for (let at = columns; at < rows * columns; at++) if (data[at] !== data[at % columns]) return;
  throw new MetricError(`All ${rows} samples of the ${name} are equal.`, { remedy: 'Look for a collapsed generator, or an extractor that does not see its input.' });
}
