import { type CubicKernel, MetricError, type Matrix, type Random } from '@ganzoo/core';
import {
  distinctPairKernelSum,
  lift,
  pairKernelSum,
  selfKernelSum,
  selfLiftedSum,
  symmetricDot,
  thirdMomentCount,
  thirdMoments,
  type Lifted,
} from './cubic-kernel.js';
import { type AlgebraOptions, checkFeaturePair, drawWithoutReplacement, takeRows } from './features.js';

/** How MMD^2 is estimated: without (`unbiased`, may be negative) or with the pairs of a sample with itself. */
export type KernelEstimator = 'unbiased' | 'biased';

/**
 * Squared maximum mean discrepancy with the kernel (x.y / d + 1)^3 on all samples ("KID" when features are Inception's).
 * Bińkowski et al. 2018, "Demystifying MMD GANs", section 4; Gretton et al. 2012, equations 3 (unbiased) and 5 (biased).
 * 10,000 against 10,000 samples of 64 features take about a second, with or without the engine's algebra.
 * @throws {MetricError} see `checkFeaturePair`.
 */
export function kernelDistance(real: Matrix, generated: Matrix, estimator: KernelEstimator = 'unbiased', options: AlgebraOptions = {}): number {
  checkFeaturePair(real, generated);
  const means = withKernel(real, generated, options, (kernel) => meansOf(real, generated, kernel));
  return estimator === 'biased' ? means.biased : unbiased(real, generated, means);
}

export interface KernelSubsetOptions extends AlgebraOptions {
  /** Draws the subsets. */
  readonly random: Random;
  /** @default 100 */
  readonly subsets?: number;
  /** Samples of each side in a subset. @default 1000, or all of the smaller side when it has fewer */
  readonly subsetSize?: number;
}

export interface KernelSubsetDistance {
  /** Mean of the unbiased estimates of the subsets. */
  readonly mean: number;
  /** Their standard deviation (ddof 0). */
  readonly sd: number;
  readonly subsets: number;
  readonly subsetSize: number;
}

/**
 * The usual form of KID: the mean of unbiased estimates over random subsets, each drawn without replacement.
 * @throws {MetricError} see `checkFeaturePair`; also when a subset is larger than a side or smaller than 2.
 */
export function kernelDistanceOfSubsets(real: Matrix, generated: Matrix, { random, ...options }: KernelSubsetOptions): KernelSubsetDistance {
  return new SubsetKernelDistance(real, () => random, options).to(generated);
}

/** A subset of either side. */
interface DrawnPair {
  readonly real: Uint32Array;
  readonly generated: Uint32Array;
  /** Mean of the kernel over the real subset's pairs; undefined until it has been computed. */
  ownReal?: number;
}

/**
 * {@link kernelDistanceOfSubsets} from one real side to several generated ones. Those of the same size get the same subsets, of which the
 * real ones' own pairs, a third of the work, are gone through once.
 */
export class SubsetKernelDistance {
  /** By the number of generated samples. */
  private readonly drawn = new Map<number, readonly DrawnPair[]>();

  /** @param stream begins the random draws anew. */
  constructor(
    private readonly real: Matrix,
    private readonly stream: () => Random,
    private readonly options: Omit<KernelSubsetOptions, 'random'>,
  ) {}

  /** @throws {MetricError} see {@link kernelDistanceOfSubsets}. */
  to(generated: Matrix): KernelSubsetDistance {
    const { real } = this;
    checkFeaturePair(real, generated);
    const smaller = Math.min(real.rows, generated.rows);
    const { subsets = 100, subsetSize = Math.min(1000, smaller) } = this.options;
    checkSubsets(subsets, subsetSize, smaller);
    const pairs = this.drawn.get(generated.rows) ?? this.draw(generated.rows, subsets, subsetSize);
    const size = { rows: subsetSize, columns: real.columns };
    const estimates = withKernel(size, size, this.options, (kernel) =>
      pairs.map((pair) => {
        const [x, y] = [takeRows(real, pair.real), takeRows(generated, pair.generated)];
        const means = meansOf(x, y, kernel, pair.ownReal);
        pair.ownReal = means.ownX;
        return unbiased(x, y, means);
      }),
    );
    const mean = estimates.reduce((sum, value) => sum + value, 0) / subsets;
    const variance = estimates.reduce((sum, value) => sum + (value - mean) ** 2, 0) / subsets;
    return { mean, sd: Math.sqrt(variance), subsets, subsetSize };
  }

  private draw(generatedRows: number, subsets: number, subsetSize: number): readonly DrawnPair[] {
    const random = this.stream();
    const pairs = Array.from({ length: subsets }, () => ({
      real: drawWithoutReplacement(this.real.rows, subsetSize, random),
      generated: drawWithoutReplacement(generatedRows, subsetSize, random),
    }));
    this.drawn.set(generatedRows, pairs);
    return pairs;
  }
}

type Size = Pick<Matrix, 'rows' | 'columns'>;

/** Multiplications for which it is worth while to set the engine's sums up. */
const WORTHWHILE = 2 ** 24;

/**
 * The engine's kernel sums, where it has them and going through all pairs is the cheaper way and much to do: a hundred subsets of 1,000 samples of 64
 * features take 1.9 s with them on two cores, and 8.9 s without.
 */
function withKernel<Result>(x: Size, y: Size, { float64 }: AlgebraOptions, use: (kernel: CubicKernel | undefined) => Result): Result {
  if (!float64 || x.rows * y.rows * x.columns < WORTHWHILE || momentsAreCheaper(x, y)) return use(undefined);
  const kernel = float64.cubicKernel(x.columns);
  try {
    return use(kernel);
  } finally {
    kernel.dispose();
  }
}

function checkSubsets(subsets: number, subsetSize: number, smaller: number): void {
  if (!Number.isInteger(subsets) || subsets < 1) {
    throw new MetricError(`The kernel distance was asked for ${subsets} subsets.`, { remedy: 'Ask for at least 1; 100 is usual.' });
  }
  if (!Number.isInteger(subsetSize) || subsetSize < 2 || subsetSize > smaller) {
    throw new MetricError(`A subset of ${subsetSize} samples was asked for where the smaller side has ${smaller}.`, {
      remedy: `Ask for subsets of 2 to ${smaller} samples.`,
    });
  }
}

/** What both estimators are made of. A is the mean over all pairs of a side, a sample with itself included. */
interface KernelMeans {
  readonly ownX: number;
  readonly ownY: number;
  /** A of x + A of y - 2 mean k(x, y). */
  readonly biased: number;
}

/** @param ownX when it is known; the moments give it for nothing. */
function meansOf(x: Matrix, y: Matrix, kernel: CubicKernel | undefined, ownX?: number): KernelMeans {
  if (kernel) return fromEngine(x, y, kernel, ownX);
  return momentsAreCheaper(x, y) ? fromMoments(lift(x), lift(y)) : fromPairs(lift(x), lift(y), ownX);
}

function unbiased(x: Matrix, y: Matrix, { ownX, ownY, biased }: KernelMeans): number {
  return biased + unbiasing(x, ownX) + unbiasing(y, ownY);
}

/** Leaving out the n pairs of a sample with itself, whose sum is D, turns the mean A into (n^2 A - D) / (n^2 - n) = A + (A - D / n) / (n - 1). */
function unbiasing(side: Matrix, own: number): number {
  return (own - selfKernelSum(side) / side.rows) / (side.rows - 1);
}

function fromEngine(x: Matrix, y: Matrix, kernel: CubicKernel, ownX = kernel.sum(x.data, x.data) / x.rows ** 2): KernelMeans {
  const ownY = kernel.sum(y.data, y.data) / y.rows ** 2;
  return { ownX, ownY, biased: ownX + ownY - (2 * kernel.sum(x.data, y.data)) / (x.rows * y.rows) };
}

/** Counts multiplications; those for moments run at half the speed. */
function momentsAreCheaper(x: Size, y: Size): boolean {
  const size = x.columns + 1; // lifted
  const pairs = (x.rows ** 2 / 2 + y.rows ** 2 / 2 + x.rows * y.rows) * size;
  return 2 * (x.rows + y.rows) * thirdMomentCount(size) < pairs;
}

function fromPairs(x: Lifted, y: Lifted, ownX = ownPairs(x)): KernelMeans {
  const ownY = ownPairs(y);
  return { ownX, ownY, biased: ownX + ownY - (2 * pairKernelSum(x, y)) / (x.rows * y.rows) };
}

function ownPairs(side: Lifted): number {
  return (distinctPairKernelSum(side) + selfLiftedSum(side)) / side.rows ** 2;
}

function fromMoments(x: Lifted, y: Lifted): KernelMeans {
  const momentsX = thirdMoments(x);
  const momentsY = thirdMoments(y);
  // The squared length of the difference, not a difference of squared lengths: no digits cancel.
  const difference = momentsX.map((value, i) => value - (momentsY[i] as number));
  return {
    ownX: symmetricDot(momentsX, momentsX, x.size),
    ownY: symmetricDot(momentsY, momentsY, y.size),
    biased: symmetricDot(difference, difference, x.size),
  };
}
