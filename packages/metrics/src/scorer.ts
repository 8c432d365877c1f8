import {
  MetricError,
  Random,
  type Dataset,
  type DomainName,
  type FeatureExtractor,
  type Matrix,
  type Score,
  type Source,
  type SplitName,
} from '@ganzoo/core';
import { extractFeatures, sourceImages, type ImageBatches } from './extractors/extract.js';
import { drawWithoutReplacement } from './features.js';
import { frechetDistanceBetween, frechetStatistics } from './frechet.js';
import { kernelDistanceOfSubsets } from './kernel-distance.js';
import { noisyImages } from './noise.js';

/** Not `train`: floors are drawn from there. */
export type ScoredSplit = Exclude<SplitName, 'train'>;

export interface ScorerOptions {
  readonly extractor: FeatureExtractor;
  readonly dataset: Dataset;
  /** Real images to compare with. Choose checkpoints by `validation`, report `test`. */
  readonly split: ScoredSplit;
  /** @default 'real' */
  readonly domain?: DomainName;
  /** Real images, drawn at random from the split. @default all of it */
  readonly samples?: number;
  /** Of every random draw: real images, floors, noise, the kernel distance's subsets. @default 0 */
  readonly seed?: number;
  /** Subsets of the kernel distance, each of min(1000, samples of the smaller side). @default 100 */
  readonly kernelSubsets?: number;
}

/** Scores generated images against one sample of real ones, whose statistics are computed once. */
export interface Scorer {
  /** Real images compared with. */
  readonly samples: number;
  readonly split: ScoredSplit;
  /**
   * `fid-<extractor>` and `kid-<extractor>` of generated features, each with its floor: the same score of as many
   * random images of the train split.
   * @throws {MetricError} for bad features, or when the train split has fewer images than were generated.
   */
  score(generated: Matrix): Promise<Score[]>;
  /** {@link score} of generated images. */
  scoreImages(batches: ImageBatches, total: number): Promise<Score[]>;
  /**
   * {@link score} of `total` random real images of the split, mixed with Gaussian noise as `noiseRung` does: a yardstick.
   * @param amount 0 .. 1
   */
  scoreNoise(amount: number, total: number): Promise<Score[]>;
}

/**
 * @throws {MetricError} when the split has fewer images than `samples`, or the extractor does not take their shape.
 */
export async function createScorer(options: ScorerOptions): Promise<Scorer> {
  const { extractor, dataset, split, domain = 'real', seed = 0, kernelSubsets = 100 } = options;
  const random = Random.of(seed, 'scorer', dataset.spec.name, split);
  const source = dataset.source(split, domain);
  const { samples = source.length } = options;
  checkShape(extractor, source);
  const real = await drawFeatures(source, samples, random.fork('real'));
  const realStatistics = frechetStatistics(real, 'real features');
  const floors = new Map<number, Promise<Score[]>>();

  /** Both scores without floors. */
  function measure(generated: Matrix): Score[] {
    const common = { samples: { real: real.rows, generated: generated.rows }, split };
    const frechet = frechetDistanceBetween(realStatistics, frechetStatistics(generated, 'generated features'));
    const kernel = kernelDistanceOfSubsets(real, generated, { random: random.fork('subsets'), subsets: kernelSubsets });
    return [
      { name: `fid-${extractor.name}`, value: frechet, ...common },
      { name: `kid-${extractor.name}`, value: kernel.mean, sd: kernel.sd, ...common },
    ];
  }

  /** Computed once for each number of generated images. */
  function floorOf(count: number): Promise<Score[]> {
    let floor = floors.get(count);
    if (floor === undefined) {
      floor = drawFeatures(dataset.source('train', domain), count, random.fork('floor', count)).then(measure);
      floor.catch(() => floors.delete(count));
      floors.set(count, floor);
    }
    return floor;
  }

  async function drawFeatures(from: Source, count: number, stream: Random): Promise<Matrix> {
    return extractFeatures(extractor, sourceImages(from, drawIndices(from, count, stream)), count);
  }

  async function score(generated: Matrix): Promise<Score[]> {
    const scores = measure(generated);
    const floor = await floorOf(generated.rows);
    return scores.map((one, i) => ({ ...one, floor: (floor[i] as Score).value }));
  }

  async function scoreImages(batches: ImageBatches, total: number): Promise<Score[]> {
    return score(await extractFeatures(extractor, batches, total));
  }

  return {
    samples,
    split,
    score,
    scoreImages,
    async scoreNoise(amount, total) {
      const drawn = sourceImages(source, drawIndices(source, total, random.fork('noise images')));
      return scoreImages(noisyImages(drawn, amount, random.fork('noise')), total);
    },
  };
}

function drawIndices(source: Source, count: number, random: Random): Uint32Array {
  if (!(Number.isInteger(count) && count >= 2 && count <= source.length)) {
    throw new MetricError(`${count} real images of '${source.spec.name}' were asked for from a split of ${source.length}.`, {
      remedy: `Compare 2 to ${source.length} images; floors need as many real images as were generated.`,
    });
  }
  return drawWithoutReplacement(source.length, count, random);
}

function checkShape(extractor: FeatureExtractor, { spec }: Source): void {
  if (spec.kind === 'images' && extractor.accepts(spec.shape)) return;
  throw new MetricError(`'${extractor.name}' does not take samples of '${spec.name}', ${spec.kind} of ${spec.shape.join('x')}.`, {
    remedy: 'Choose a size that the extractor takes, or another extractor.',
  });
}
