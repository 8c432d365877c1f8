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
import { extractEach, extractFeatures, sourceImages, type ImageBatches } from './extractors/extract.js';
import { drawIndices } from './draw-indices.js';
import type { AlgebraOptions } from './features.js';
import { frechetDistanceBetween, frechetStatistics } from './frechet.js';
import { SubsetKernelDistance } from './kernel-distance.js';
import { noisyImages } from './noise.js';

/** Not `train`: floors are drawn from there. */
export type ScoredSplit = Exclude<SplitName, 'train'>;

export interface ScorerOptions extends AlgebraOptions {
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
  /** Subsets of the kernel distance, each of min(1000, samples of the smaller side); 0 leaves the kernel distance out. @default 100 */
  readonly kernelSubsets?: number;
  /**
   * Gives the features that were made for a key before, or makes them: features of real images are the same for every
   * generator. The key says all that they depend on, the extractor's weights included. @default makes them
   */
  readonly remember?: (key: string, make: () => Promise<Matrix>) => Promise<Matrix>;
}

/** Scores generated images against one sample of real ones, whose statistics are computed once. */
export interface Scorer {
  /** Real images compared with. */
  readonly samples: number;
  readonly split: ScoredSplit;
  /**
   * `fid-<extractor>` and (with subsets) `kid-<extractor>` of generated features, each with its floor: the same score of as many
   * random images of the train split.
   * @throws {MetricError} for bad features, or when the train split has fewer images than were generated.
   */
  score(generated: Matrix): Promise<Score[]>;
  /** {@link score} of generated images. */
  scoreImages(batches: ImageBatches, total: number): Promise<Score[]>;
  /**
   * {@link score} of `total` random real images of the split, mixed with Gaussian noise as `noiseRung` does: yardsticks.
   * @param amounts each 0 .. 1
   * @returns the scores of each amount.
   */
  scoreNoise(amounts: readonly number[], total: number): Promise<Score[][]>;
}

/**
 * @throws {MetricError} when the split has fewer images than `samples`, or the extractor does not take their shape.
 */
export async function createScorer(options: ScorerOptions): Promise<Scorer> {
  const { extractor, dataset, split, domain = 'real', seed = 0, kernelSubsets = 100, float64, remember = (_, make) => make() } = options;
  const random = Random.of(seed, 'scorer', dataset.spec.name, split);
  const source = dataset.source(split, domain);
  const { samples = source.length } = options;
  checkShape(extractor, source);
  const real = await drawFeatures(source, split, samples, 'real');
  const realStatistics = frechetStatistics(real, 'real features');
  const kernelDistance = new SubsetKernelDistance(real, () => random.fork('subsets'), { subsets: kernelSubsets, float64 });
  const floors = new Map<number, Promise<Score[]>>();

  /** The scores without floors. */
  function measure(generated: Matrix): Score[] {
    const common = { samples: { real: real.rows, generated: generated.rows }, split };
    const frechet = frechetDistanceBetween(realStatistics, frechetStatistics(generated, 'generated features'));
    const scores: Score[] = [{ name: `fid-${extractor.name}`, value: frechet, ...common }];
    if (kernelSubsets > 0) {
      const kernel = kernelDistance.to(generated);
      scores.push({ name: `kid-${extractor.name}`, value: kernel.mean, sd: kernel.sd, ...common });
    }
    return scores;
  }

  /** Computed once for each number of generated images. */
  function floorOf(count: number): Promise<Score[]> {
    let floor = floors.get(count);
    if (floor === undefined) {
      floor = drawFeatures(dataset.source('train', domain), 'train', count, 'floor').then(measure);
      floor.catch(() => floors.delete(count));
      floors.set(count, floor);
    }
    return floor;
  }

  async function drawFeatures(from: Source, of: SplitName, count: number, purpose: string): Promise<Matrix> {
    const indices = drawIndices(from, count, random.fork(purpose, count));
    return remember(keyOf(of, count, purpose), () => extractFeatures(extractor, sourceImages(from, indices), count));
  }

  function keyOf(of: SplitName, count: number, purpose: string): string {
    const { name, shape } = dataset.spec;
    return JSON.stringify([extractor.name, extractor.weightsSha256, name, shape, domain, split, of, count, seed, purpose]);
  }

  async function score(generated: Matrix): Promise<Score[]> {
    const scores = measure(generated);
    const floor = await floorOf(generated.rows);
    return scores.map((one, i) => ({ ...one, floor: (floor[i] as Score).value }));
  }

  /** Features of as many real images with each amount of noise. */
  async function noiseFeatures(amounts: readonly number[], total: number): Promise<Matrix[]> {
    const drawn = sourceImages(source, drawIndices(source, total, random.fork('noise images')));
    return extractEach(extractor, noisyImages(drawn, amounts, random.fork('noise')), total);
  }

  async function scoreImages(batches: ImageBatches, total: number): Promise<Score[]> {
    return score(await extractFeatures(extractor, batches, total));
  }

  return {
    samples,
    split,
    score,
    scoreImages,
    async scoreNoise(amounts, total) {
      let made: Promise<Matrix[]> | undefined; // of all amounts at once, when one is not remembered
      const scores: Score[][] = [];
      for (const [i, amount] of amounts.entries()) {
        const features = await remember(keyOf(split, total, `noise ${amount}`), async () => (await (made ??= noiseFeatures(amounts, total)))[i] as Matrix);
        scores.push(await score(features));
      }
      return scores;
    },
  };
}

function checkShape(extractor: FeatureExtractor, { spec }: Source): void {
  if (spec.kind === 'images' && extractor.accepts(spec.shape)) return;
  throw new MetricError(`'${extractor.name}' does not take samples of '${spec.name}', ${spec.kind} of ${spec.shape.join('x')}.`, {
    remedy: 'Choose a size that the extractor takes, or another extractor.',
  });
}
