import { type Float64Algebra, MetricError, type Matrix } from '@ganzoo/core';
import { EigenvalueDecomposition, Matrix as Dense, SingularValueDecomposition } from 'ml-matrix';
import { type AlgebraOptions, checkFeatures, checkSameDimensions, columnMeans, MANY_DIMENSIONS } from './features.js';

/** A Gaussian fitted to features: all that the Fréchet distance needs to know of one side. */
export interface FrechetStatistics {
  readonly count: number;
  readonly dimensions: number;
  /** [dimensions] */
  readonly mean: Float64Array;
  /** [dimensions, dimensions], divided by count - 1. */
  readonly covariance: Float64Array;
}

/** Values of a block that the engine is given at a time: 16 MB in float32. */
const BLOCK = 1 << 22;

/**
 * Fréchet distance between Gaussians fitted to two sets of features ("FID" when they are Inception's):
 * |mu1 - mu2|^2 + Tr(S1 + S2 - 2 (S1 S2)^1/2). Heusel et al. 2017, "GANs trained by a two time-scale update rule
 * converge to a local Nash equilibrium", equation 6. Computed in float64; finite and never negative, also with fewer
 * samples than dimensions.
 * @throws {MetricError} when {@link frechetStatistics} of either side does, or their dimensions differ.
 */
export function frechetDistance(real: Matrix, generated: Matrix, options: AlgebraOptions = {}): number {
  checkSameDimensions(real.columns, generated.columns);
  return frechetDistanceBetween(
    frechetStatistics(real, 'real features', options),
    frechetStatistics(generated, 'generated features', options),
    options,
  );
}

/**
 * Mean and covariance (ddof 1) of features, to be computed once for the side that stays.
 * @param name how errors call the matrix.
 * @throws {MetricError} when there are fewer than two rows, a value is not finite, or so large that its square overflows.
 */
export function frechetStatistics(features: Matrix, name = 'features', { float64 }: AlgebraOptions = {}): FrechetStatistics {
  checkFeatures(features, name);
  const { mean, covariance } = float64 && features.columns >= MANY_DIMENSIONS ? momentsBy(float64, features) : moments(features);
  if (!covariance.every(Number.isFinite)) {
    throw new MetricError(`The covariance of the ${name} overflows.`, {
      remedy: 'Look for a diverged generator: features must stay far below 1e150.',
    });
  }
  return { count: features.rows, dimensions: features.columns, mean, covariance };
}

/** The distance of {@link frechetDistance} from statistics. @throws {MetricError} when their dimensions differ. */
export function frechetDistanceBetween(real: FrechetStatistics, generated: FrechetStatistics, { float64 }: AlgebraOptions = {}): number {
  checkSameDimensions(real.dimensions, generated.dimensions);
  const d = real.dimensions;
  const trace = float64 && d >= MANY_DIMENSIONS ? float64.traceOfRoot(real.covariance, generated.covariance, d) : traceOfRoot(real, generated);
  let distance = -2 * trace;
  for (let i = 0; i < d; i++) {
    const shift = (real.mean[i] as number) - (generated.mean[i] as number);
    distance += shift * shift + (real.covariance[i * d + i] as number) + (generated.covariance[i * d + i] as number);
  }
  // Equal Gaussians come out as zero give or take the last bits.
  return Math.max(0, distance);
}

/**
 * Tr((S1 S2)^1/2) as the sum of singular values of R1' R2, where S = R R'. Unlike a matrix square root of the product
 * (which is not symmetric) this cannot become complex, and it loses no digits by taking roots of rounded zeros.
 */
function traceOfRoot(a: FrechetStatistics, b: FrechetStatistics): number {
  const product = symmetricFactor(a).transpose().mmul(symmetricFactor(b));
  const options = { computeLeftSingularVectors: false, computeRightSingularVectors: false, autoTranspose: true };
  return new SingularValueDecomposition(product, options).diagonal.reduce((sum, value) => sum + value, 0);
}

/** R with covariance = R R', from the eigenvectors. Eigenvalues within rounding error of zero count as zero. */
function symmetricFactor({ covariance, dimensions }: FrechetStatistics): Dense {
  const dense = Dense.from1DArray(dimensions, dimensions, Array.from(covariance));
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(dense, { assumeSymmetric: true });
  const largest = realEigenvalues.reduce((max, value) => Math.max(max, value), 0);
  const threshold = dimensions * Number.EPSILON * largest;
  return eigenvectorMatrix.mulRowVector(realEigenvalues.map((value) => (value > threshold ? Math.sqrt(value) : 0)));
}

type Moments = Pick<FrechetStatistics, 'mean' | 'covariance'>;

function moments(features: Matrix): Moments {
  const mean = columnMeans(features);
  return { mean, covariance: covarianceOf(features, mean) };
}

function momentsBy(float64: Float64Algebra, { data, rows, columns }: Matrix): Moments {
  const sums = float64.moments(columns);
  const blockRows = Math.max(1, Math.floor(BLOCK / columns));
  try {
    for (let start = 0; start < rows; start += blockRows) sums.add(data.subarray(start * columns, Math.min(rows, start + blockRows) * columns));
    return sums.result();
  } finally {
    sums.dispose();
  }
}

/** Centred before multiplying, so that a large mean costs no digits. In blocks of rows that fit the cache. */
function covarianceOf({ data, rows, columns }: Matrix, mean: Float64Array): Float64Array {
  const blockRows = 256;
  const covariance = new Float64Array(columns * columns);
  const centred = new Float64Array(columns * blockRows); // transposed: one feature's values lie side by side
  for (let start = 0; start < rows; start += blockRows) {
    const count = Math.min(blockRows, rows - start);
    for (let row = 0; row < count; row++) {
      const at = (start + row) * columns;
      for (let j = 0; j < columns; j++) {
        centred[j * blockRows + row] = (data[at + j] as number) - (mean[j] as number);
      }
    }
    addProducts(covariance, centred, columns, blockRows, count);
  }
  for (let i = 0; i < columns; i++) {
    for (let j = 0; j <= i; j++) {
      const value = (covariance[i * columns + j] as number) / (rows - 1);
      covariance[i * columns + j] = value;
      covariance[j * columns + i] = value;
    }
  }
  return covariance;
}

/** Adds the inner products of all pairs of rows of `block` to the lower triangle of `sums`. */
function addProducts(sums: Float64Array, block: Float64Array, columns: number, stride: number, count: number): void {
  for (let i = 0; i < columns; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let a = i * stride, b = j * stride, end = a + count; a < end; a++, b++) {
        sum += (block[a] as number) * (block[b] as number);
      }
      sums[i * columns + j] = (sums[i * columns + j] as number) + sum;
    }
  }
}
