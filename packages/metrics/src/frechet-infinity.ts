import { type Matrix, MetricError, type Random } from '@ganzoo/core';
import { type AlgebraOptions, checkFeaturePair, drawWithoutReplacement, takeRows } from './features.js';
import { frechetDistanceBetween, frechetStatistics } from './frechet.js';

export interface FrechetInfinityOptions extends AlgebraOptions {
  /** Draws the samples. */
  readonly random: Random;
  /** Numbers of samples to extrapolate from. @default 15 */
  readonly counts?: number;
  /** The least of them; the most is all. @default 5000 */
  readonly fewest?: number;
}

export interface FrechetAtInfinity {
  /** The distance that the line reaches at 1/N = 0. It may be slightly negative. */
  readonly distance: number;
  /** What the line was fitted to. */
  readonly points: readonly { readonly count: number; readonly distance: number }[];
}

/**
 * FID-infinity: a Fréchet distance is too large by an amount in proportion to 1/N, which depends on the generator. Chong and Forsyth 2020
 * (arXiv 1911.07023), section 3: the distance at several numbers of generated samples, a line through them over 1/N, and
 * its value at 0. The real side stays as it is.
 * @throws {MetricError} for bad features, fewer than two counts, or fewer samples than `fewest` + `counts`.
 */
export function frechetDistanceAtInfinity(real: Matrix, generated: Matrix, { random, counts = 15, fewest = 5000, float64 }: FrechetInfinityOptions): FrechetAtInfinity {
  checkFeaturePair(real, generated);
  if (!(Number.isInteger(counts) && counts >= 2 && Number.isInteger(fewest) && fewest >= 2 && generated.rows >= fewest + counts)) {
    throw new MetricError(`${counts} numbers of samples from ${fewest} on were asked for, of ${generated.rows} generated ones.`, {
      remedy: `Ask for at least 2 numbers, from 2 on, and generate more samples than ${fewest}.`,
    });
  }
  const statistics = frechetStatistics(real, 'real features', { float64 });
  const points = Array.from({ length: counts }, (_, i) => {
    const count = Math.round(fewest + (i * (generated.rows - fewest)) / (counts - 1));
    const drawn = takeRows(generated, drawWithoutReplacement(generated.rows, count, random));
    return { count, distance: frechetDistanceBetween(statistics, frechetStatistics(drawn, 'generated features', { float64 }), { float64 }) };
  });
  return { distance: intercept(points.map(({ count }) => 1 / count), points.map(({ distance }) => distance)), points };
}

/** At x = 0 of the line through the points with the least squares. */
export function intercept(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [middleX, middleY] = [mean(x), mean(y)];
  const slope = x.reduce((sum, value, i) => sum + (value - middleX) * ((y[i] as number) - middleY), 0) / x.reduce((sum, value) => sum + (value - middleX) ** 2, 0);
  return middleY - slope * middleX;
}
