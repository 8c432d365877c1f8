import { type Dataset, Random, type Score, type Trainer } from '@ganzoo/core';
import { createVectorScorer, type ScoredSplit, type VectorScorer } from '@ganzoo/metrics';
import type { EvaluationPlan } from '../cell/identity.js';
import type { Rung } from '../cell/result.js';
import { encodeScatter, type Points } from '../scatter.js';
import type { Judge, Picture } from './judge.js';
import { noiseRungs } from './noise-rungs.js';

/** Shares of noise in the yardsticks. */
const NOISE = [0.05, 0.25, 1];
/** Points of a picture. */
const REAL_POINTS = 250;
const GENERATED_POINTS = 600;

/**
 * Judges generated vectors by their sliced Wasserstein distance to real ones, and by the modes they cover where the data
 * tell their mixture. Both splits are compared with their own real vectors.
 */
export class VectorJudge implements Judge {
  readonly extractor = null;
  private readonly scorers = new Map<ScoredSplit, Promise<VectorScorer>>();

  constructor(
    private readonly dataset: Dataset,
    private readonly plan: EvaluationPlan,
  ) {}

  async score(trainer: Trainer, split: ScoredSplit): Promise<Score[]> {
    const rows = this.samples(split);
    const { values } = await trainer.sample(rows, { stream: `score ${split}` });
    return (await this.scorer(split)).score({ data: values, rows, columns: this.columns });
  }

  /** Real points of the test split with noise mixed in. */
  async rungs(): Promise<Rung[]> {
    const scorer = await this.scorer('test');
    return noiseRungs(NOISE, await scorer.scoreNoise(NOISE, this.samples('test')));
  }

  /** Generated points upon real ones: the first two coordinates. */
  async draw(trainer: Trainer): Promise<Picture> {
    const { values } = await trainer.sample(GENERATED_POINTS, { stream: 'scatter' });
    return { extension: 'svg', bytes: encodeScatter(await this.realPoints(), { values, columns: this.columns }) };
  }

  /** The pictures show them themselves. */
  async drawReal(): Promise<undefined> {
    return undefined;
  }

  dispose(): void {
    this.scorers.clear();
  }

  private get columns(): number {
    return this.dataset.spec.shape[0] as number;
  }

  private async realPoints(): Promise<Points> {
    const source = this.dataset.source('train');
    const { values } = await source.read(Random.of('scatter').integers(REAL_POINTS, source.length));
    return { values, columns: this.columns };
  }

  private samples(split: ScoredSplit): number {
    return split === 'test' ? this.plan.testSamples : this.plan.validationSamples;
  }

  private scorer(split: ScoredSplit): Promise<VectorScorer> {
    const scorer = this.scorers.get(split) ?? createVectorScorer({ dataset: this.dataset, split, samples: this.samples(split) });
    this.scorers.set(split, scorer);
    return scorer;
  }
}
