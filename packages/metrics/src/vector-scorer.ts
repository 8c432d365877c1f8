import { type Dataset, type Matrix, Random, type Score, type Source } from '@ganzoo/core';
import { drawIndices } from './draw-indices.js';
import { mixtureCoverage, PERFECT_HIGH_QUALITY } from './mixture.js';
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
   * {@link score} of `total` random real samples of the split with noise mixed in, mean and spread of every dimension kept: yardsticks.
   * @param amounts standard deviations of the noise, as shares of the data's: 0 (the samples) .. 1 (noise alone)
   * @returns the scores of each amount.
   */
  scoreNoise(amounts: readonly number[], total: number): Promise<Score[][]>;
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
    async scoreNoise(amounts, total) {
      const drawn = await drawVectors(source, total, random.fork('noise samples'));
      return Promise.all(amounts.map(async (amount) => score(noisy(drawn, amount, random.fork('noise')))));
    },
  };
}

async function drawVectors(source: Source, count: number, random: Random): Promise<Matrix> {
  const { values } = await source.read(drawIndices(source, count, random));
  return { data: values, rows: count, columns: source.spec.shape[0] as number };
}

/** mean + sqrt(1 - amount^2) (x - mean) + amount sd n with n ~ N(0, 1), in every dimension. */
function noisy({ data, rows, columns }: Matrix, amount: number, random: Random): Matrix {
  const noise = random.normals(rows * columns);
  const mixed = new Float32Array(rows * columns);
  for (let j = 0; j < columns; j++) {
    const column = Array.from({ length: rows }, (_, row) => data[row * columns + j] as number);
    const mean = column.reduce((sum, value) => sum + value, 0) / rows;
    const sd = Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rows);
    column.forEach((value, row) => {
      const at = row * columns + j;
      mixed[at] = mean + Math.sqrt(1 - amount ** 2) * (value - mean) + amount * sd * (noise[at] as number);
    });
  }
  return { data: mixed, rows, columns };
}
