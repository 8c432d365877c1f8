import { type Dataset, type Matrix, Random, type Score, type Source } from '@ganzoo/core';
import { drawIndices } from './draw-indices.js';
import { mixtureCoverage, PERFECT_HIGH_QUALITY } from './mixture.js';
import { noiseRung } from './noise.js';
import type { ScoredSplit } from './scorer.js';
import { slicedWasserstein } from './sliced-wasserstein.js';

/** Modes are counted among so many samples, or all if there are fewer, as VEEGAN and PacGAN do: more samples find more modes. */
const COUNTED = 2500;

export interface VectorScorerOptions {
  /** Of kind `vectors`. With a mixture of the plane its modes are counted. */
  readonly dataset: Dataset;
  /** Real samples to compare with. Choose checkpoints by `validation`, report `test`. */
  readonly split: ScoredSplit;
  /** Real samples, drawn at random from the split. */
  readonly samples: number;
  /** Of every random draw. @default 0 */
  readonly seed?: number;
}

/** Scores generated vectors against one sample of real ones. */
export interface VectorScorer {
  /**
   * `sliced-w1`, the sliced Wasserstein distance (W1, 128 directions), with its floor: that of as many random samples of the
   * train split. For a mixture of the plane also `modes-2500`, `hq-3sigma` and `kl-modes-2500`, see `mixtureCoverage`.
   * @param generated [n, d]
   * @throws {MetricError} for bad values, or when the train split has fewer samples than were generated.
   */
  score(generated: Matrix): Promise<Score[]>;
  /**
   * {@link score} of `total` random real samples of the split with noise mixed in, every dimension standardized: a yardstick.
   * @param amount share of noise, 0 (the samples) .. 1 (a Gaussian of the data's means and standard deviations)
   */
  scoreNoise(amount: number, total: number): Promise<Score[]>;
}

/** @throws {MetricError} when the split has fewer samples than `samples`. */
export async function createVectorScorer({ dataset, split, samples, seed = 0 }: VectorScorerOptions): Promise<VectorScorer> {
  const random = Random.of(seed, 'vector scorer', dataset.spec.name, split);
  const source = dataset.source(split);
  const real = await drawVectors(source, samples, random.fork('real'));
  const floors = new Map<number, Promise<readonly Score[]>>();

  /** The scores without measured floors. */
  function measure(generated: Matrix): Score[] {
    const distance = slicedWasserstein(real, generated).w1;
    return [{ name: 'sliced-w1', value: distance, samples: { real: real.rows, generated: generated.rows }, split }, ...measureCoverage(generated)];
  }

  function measureCoverage(generated: Matrix): Score[] {
    const { mixture, shape } = dataset.spec;
    if (!mixture || shape[0] !== 2) return [];
    const counted = Math.min(COUNTED, generated.rows);
    const coverage = mixtureCoverage({ ...generated, data: generated.data.subarray(0, 2 * counted), rows: counted }, mixture);
    const common = { samples: { real: 0, generated: counted }, split }; // compared with the mixture, not with samples of it
    return [
      { name: `modes-${counted}`, value: coverage.modes, better: 'higher', floor: mixture.centres.length, ...common },
      { name: 'hq-3sigma', value: coverage.highQuality, better: 'higher', floor: PERFECT_HIGH_QUALITY, ...common },
      { name: `kl-modes-${counted}`, value: coverage.klToUniform, ...common },
    ];
  }

  /** Measured once for each number of generated samples. */
  function floorOf(count: number): Promise<readonly Score[]> {
    const known = floors.get(count);
    if (known) return known;
    const floor = drawVectors(dataset.source('train'), count, random.fork('floor', count)).then(measure);
    floor.catch(() => floors.delete(count));
    floors.set(count, floor);
    return floor;
  }

  async function score(generated: Matrix): Promise<Score[]> {
    const scores = measure(generated);
    const floor = await floorOf(generated.rows);
    return scores.map((one, i) => ({ floor: (floor[i] as Score).value, ...one }));
  }

  return {
    score,
    async scoreNoise(amount, total) {
      const drawn = await drawVectors(source, total, random.fork('noise samples'));
      return score(noisy(drawn, amount, random.fork('noise')));
    },
  };
}

async function drawVectors(source: Source, count: number, random: Random): Promise<Matrix> {
  const { values } = await source.read(drawIndices(source, count, random));
  return { data: values, rows: count, columns: source.spec.shape[0] as number };
}

function noisy({ data, rows, columns }: Matrix, amount: number, random: Random): Matrix {
  const of = (value: (column: number) => number): number[] => Array.from({ length: columns }, (_, column) => value(column));
  const column = (index: number): Float64Array => Float64Array.from({ length: rows }, (_, row) => data[row * columns + index] as number);
  const means = of((j) => column(j).reduce((sum, value) => sum + value, 0) / rows);
  const sds = of((j) => Math.sqrt(column(j).reduce((sum, value) => sum + (value - (means[j] as number)) ** 2, 0) / rows) || 1);
  const standardized = Float32Array.from(data, (value, i) => (value - (means[i % columns] as number)) / (sds[i % columns] as number));
  const mixed = noiseRung(standardized, amount, random);
  return { data: mixed.map((value, i) => (means[i % columns] as number) + (sds[i % columns] as number) * value), rows, columns };
}
