import { type Dataset, type FeatureExtractor, Random, type Score, type Trainer } from '@ganzoo/core';
import { arrayImages, createScorer, loadExtractor, type ScoredSplit, type Scorer } from '@ganzoo/metrics';
import type { EvaluationPlan } from '../cell/identity.js';
import type { CellResult, Rung } from '../cell/result.js';
import { columnsOfLabels, encodeGrid } from '../grid.js';
import type { FeatureStore } from './feature-store.js';
import type { Judge, Picture } from './judge.js';

/** Shares of noise in the yardsticks. */
const NOISE = [0.25, 0.5, 1];
/** Of a grid: 8 rows of 8. */
const PICTURES = 64;

/**
 * Judges generated images by the Fréchet distance of their features to those of real images, and by KID on the test
 * split. Both splits are compared with their own real images, which are read when first needed.
 */
export class ImageJudge implements Judge {
  private readonly scorers = new Map<ScoredSplit, Promise<Scorer>>();

  private constructor(
    private readonly dataset: Dataset,
    private readonly plan: EvaluationPlan,
    private readonly store: FeatureStore,
    private readonly features: FeatureExtractor,
  ) {}

  /** @throws {UsageError} when there is no such extractor. */
  static async create(dataset: Dataset, plan: EvaluationPlan, extractor: string, store: FeatureStore): Promise<ImageJudge> {
    return new ImageJudge(dataset, plan, store, await loadExtractor(extractor));
  }

  get extractor(): NonNullable<CellResult['extractor']> {
    const { name, weightsSha256, testAccuracy } = this.features;
    return { name, weightsSha256, testAccuracy };
  }

  async score(trainer: Trainer, split: ScoredSplit): Promise<Score[]> {
    const scorer = await this.scorer(split);
    const samples = this.samples(split);
    const { values } = await trainer.sample(samples, { stream: `score ${split}` });
    return scorer.scoreImages(arrayImages(values, this.dataset.spec.shape), samples);
  }

  /** Real images of the test split with noise mixed in. */
  async rungs(): Promise<Rung[]> {
    const scorer = await this.scorer('test');
    const rungs: Rung[] = [];
    for (const amount of NOISE) {
      const name = amount === 1 ? 'noise alone' : `noise ${String(amount).replace(/^0/, '')}`;
      rungs.push({ name, scores: await scorer.scoreNoise(amount, this.samples('test')) });
    }
    return rungs;
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
  }

  private grid(values: Float32Array, columns?: number): Picture {
    return { extension: 'png', bytes: encodeGrid(values, this.dataset.spec.shape, columns) };
  }

  private samples(split: ScoredSplit): number {
    return split === 'test' ? this.plan.testSamples : this.plan.validationSamples;
  }

  private scorer(split: ScoredSplit): Promise<Scorer> {
    let scorer = this.scorers.get(split);
    if (scorer === undefined) {
      // Checkpoints are chosen by the Fréchet distance alone.
      const kernelSubsets = split === 'test' ? this.plan.kernelSubsets : 0;
      const remember = this.store.remember.bind(this.store);
      scorer = createScorer({ extractor: this.features, dataset: this.dataset, split, samples: this.samples(split), kernelSubsets, remember });
      this.scorers.set(split, scorer);
    }
    return scorer;
  }
}
