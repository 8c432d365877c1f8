import { type FeatureExtractor, type Float64Algebra, type Matrix, MetricError, Random, type Score, type Source } from '@ganzoo/core';
import {
  asClassifier,
  authenticity,
  drawWithoutReplacement,
  extractFeatures,
  frechetDistance,
  inceptionScore,
  kernelDistance,
  kernelDistanceOfSubsets,
  prdc,
  slicedWasserstein,
  sourceImages,
  takeRows,
} from '@ganzoo/metrics';
import * as tf from '@tensorflow/tfjs';

export const METRICS = ['fid', 'kid', 'is', 'precision', 'recall', 'density', 'coverage', 'authpct', 'swd'] as const;
export type MetricName = (typeof METRICS)[number];

/** A score, and the short name that it goes by in JSON. */
export interface NamedScore extends Score {
  readonly key: MetricName | 'kidSubsets';
}

export interface MeasureOptions {
  readonly metrics: readonly MetricName[];
  /** Of precision and recall, and of density and coverage. */
  readonly k: { readonly precision: number; readonly density: number };
  readonly kidSubsets: number;
  readonly kidSubsetSize?: number | undefined;
  readonly seed: number;
  /** The engine's, where it has one. */
  readonly float64: Float64Algebra | undefined;
  /** What made the features: part of the scores' names. */
  readonly extractor: string;
}

/** Features of a side and, for the inception score, what the extractor's classifier makes of them. */
export interface Measured {
  readonly features: Matrix;
  readonly probabilities?: Matrix | undefined;
}

/** The scores of generated features against real ones, in the order of {@link METRICS}. */
export async function measure(real: Measured, generated: Measured, options: MeasureOptions): Promise<NamedScore[]> {
  const { metrics, k, kidSubsets, kidSubsetSize, seed, extractor } = options;
  const asked = (...names: readonly MetricName[]): boolean => names.some((name) => metrics.includes(name));
  const samples = { real: real.features.rows, generated: generated.features.rows };
  const [x, y] = [real.features, generated.features];
  const scores: NamedScore[] = [];
  const add = (key: NamedScore['key'], name: string, value: number, more: Partial<Score> = {}): void => {
    scores.push({ key, name, value, samples, split: 'all', ...more });
  };
  if (asked('fid')) add('fid', `fid-${extractor}`, frechetDistance(x, y, options));
  if (asked('kid')) {
    add('kid', `kid-${extractor}-full`, kernelDistance(x, y, 'unbiased', options));
    if (kidSubsets > 0) {
      const subsets = kernelDistanceOfSubsets(x, y, { random: Random.of(seed, 'score', 'subsets'), subsets: kidSubsets, float64: options.float64, ...(kidSubsetSize !== undefined && { subsetSize: kidSubsetSize }) });
      add('kidSubsets', `kid-${extractor}-${subsets.subsets}x${subsets.subsetSize}`, subsets.mean, { sd: subsets.sd });
    }
  }
  if (asked('is')) {
    if (!generated.probabilities) throw new MetricError('The inception score needs the class probabilities of images.', { remedy: "Score images by an extractor that classifies, or leave 'is' out of --metrics." });
    const { mean, sd, splits } = inceptionScore(generated.probabilities);
    add('is', `is-${extractor}-${splits}splits`, mean, { sd, better: 'higher' });
  }
  if (asked('precision', 'recall', 'density', 'coverage')) {
    const found = await prdc(x, y, { k: k.precision, densityK: k.density });
    for (const key of ['precision', 'recall', 'density', 'coverage'] as const) {
      const neighbours = key === 'precision' || key === 'recall' ? k.precision : k.density;
      if (asked(key)) add(key, `${key}-${extractor}-k${neighbours}`, found[key], { better: 'higher' });
    }
  }
  if (asked('authpct')) add('authpct', `authpct-${extractor}`, await authenticity(x, y), { better: 'higher' });
  if (asked('swd')) add('swd', `swd-${extractor}-w1-128`, slicedWasserstein(x, y).w1);
  return scores;
}

/** Features of the images, and the probabilities that the inception score is of when it is asked for. */
export async function extract(extractor: FeatureExtractor, images: Source, indices: Uint32Array, metrics: readonly MetricName[]): Promise<Measured> {
  const features = await extractFeatures(extractor, sourceImages(images, indices), indices.length);
  if (!metrics.includes('is')) return { features };
  const classifier = asClassifier(extractor, images.spec.shape);
  if (!classifier) throw new MetricError(`The extractor '${extractor.name}' does not classify.`, { remedy: "Leave 'is' out of --metrics." });
  const likely: FeatureExtractor = { ...classifier, features: (pictures) => tf.tidy(() => tf.softmax(classifier.features(pictures))) };
  return { features, probabilities: await extractFeatures(likely, sourceImages(images, indices), indices.length) };
}

/** Rows at the indices of all that is known of a side. */
export function rowsOf({ features, probabilities }: Measured, indices: ArrayLike<number>): Measured {
  return { features: takeRows(features, indices), probabilities: probabilities && takeRows(probabilities, indices) };
}

/** Two disjoint random samples of the real side, as large as the generated one where there are enough: what they score is the floor. */
export function halves(rows: number, generated: number, seed: number): [Uint32Array, Uint32Array] | undefined {
  const size = Math.min(generated, Math.floor(rows / 2));
  if (size < 2) return undefined;
  const order = drawWithoutReplacement(rows, 2 * size, Random.of(seed, 'score', 'floor'));
  return [order.subarray(0, size), order.subarray(size)];
}
