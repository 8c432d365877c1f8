import { type Dataset, type FeatureExtractor, type Float64Algebra, Random, type Score, type Trainer } from '@ganzoo/core';
import { arrayImages, createScorer, loadExtractor, type ScoredSplit, type Scorer } from '@ganzoo/metrics';
import type { EvaluationPlan } from '../cell/identity.js';
import type { CellResult, Rung } from '../cell/result.js';
import { columnsOfLabels, encodeGrid } from '../grid.js';
import type { FeatureStore } from './feature-store.js';
import type { Judge, Picture } from './judge.js';
import { noiseRungs } from './noise-rungs.js';

/** Shares of noise in the yardsticks. */
const NOISE = [0.25, 0.5, 1];
/** Of a grid: 8 rows of 8. */
const PICTURES = 64;

export interface ImageJudgeOptions {
  /** Features of real images. */
  readonly store: FeatureStore;
  readonly float64: Float64Algebra | undefined;
}

/**
 * Judges generated images by the Fréchet distance of their features to those of real images; on the test split also by KID, and by
 * the Fréchet distance that a second extractor finds: one alone can be fooled. Both splits are compared with their own real
 * images, which are read when first needed.
 */
export class ImageJudge implements Judge {
  private readonly scorers = new Map<string, Promise<Scorer>>();

  private constructor(
    private readonly dataset: Dataset,
    private readonly plan: EvaluationPlan,
    private readonly options: ImageJudgeOptions,
    private readonly features: FeatureExtractor,
    private readonly second: FeatureExtractor | undefined,
  ) {}

  /** @throws {UsageError} when there is no such extractor. */
  static async create(dataset: Dataset, plan: EvaluationPlan, extractor: string, options: ImageJudgeOptions): Promise<ImageJudge> {
    const second = plan.second === null ? undefined : await loadExtractor(plan.second);
    return new ImageJudge(dataset, plan, options, await loadExtractor(extractor), second);
  }

  get extractor(): NonNullable<CellResult['extractor']> {
    const { name, weightsSha256, testAccuracy } = this.features;
    return { name, weightsSha256, testAccuracy };
  }

  async score(trainer: Trainer, split: ScoredSplit): Promise<Score[]> {
    const samples = this.samples(split);
    const { values } = await trainer.sample(samples, { stream: `score ${split}` });
    const images = arrayImages(values, this.dataset.spec.shape);
    const scores: Score[] = [];
    for (const scorer of await this.scorersOf(split)) scores.push(...(await scorer.scoreImages(images, samples)));
    return scores;
  }

  /** Real images of the test split with noise mixed in. */
  async rungs(): Promise<Rung[]> {
    const byExtractor: Score[][][] = [];
    for (const scorer of await this.scorersOf('test')) byExtractor.push(await scorer.scoreNoise(NOISE, this.samples('test')));
    return noiseRungs(NOISE, NOISE.map((_, i) => byExtractor.flatMap((scores) => scores[i] as Score[])));
  }

  async draw(trainer: Trainer): Promise<Picture> {
    const { values, labels } = await trainer.sample(PICTURES, { stream: 'grid' });
    return this.grid(values, columnsOfLabels(labels));
  }

  async drawReal(): Promise<Picture> {
    const source = this.dataset.source('train');
    const { values } = await source.read(Random.of('grid').integers(PICTURES, source.length));
    return this.grid(values);
  }

  dispose(): void {
    this.features.dispose();
    this.second?.dispose();
  }

  private grid(values: Float32Array, columns?: number): Picture {
    return { extension: 'png', bytes: encodeGrid(values, this.dataset.spec.shape, columns) };
  }

  private samples(split: ScoredSplit): number {
    return split === 'test' ? this.plan.testSamples : this.plan.validationSamples;
  }

  /** By the first extractor and, on the test split, by the second. */
  private async scorersOf(split: ScoredSplit): Promise<Scorer[]> {
    const first = await this.scorer(split, this.features);
    return split === 'test' && this.second ? [first, await this.scorer(split, this.second)] : [first];
  }

  private scorer(split: ScoredSplit, extractor: FeatureExtractor): Promise<Scorer> {
    const key = `${split} ${extractor.name}`;
    let scorer = this.scorers.get(key);
    if (scorer === undefined) {
      // Checkpoints are chosen by the first Fréchet distance alone, and the second opinion is one too.
      const kernelSubsets = split === 'test' && extractor === this.features ? this.plan.kernelSubsets : 0;
      const { store, float64 } = this.options;
      scorer = createScorer({ extractor, dataset: this.dataset, split, samples: this.samples(split), kernelSubsets, float64, remember: store.remember.bind(store) });
      this.scorers.set(key, scorer);
    }
    return scorer;
  }
}
