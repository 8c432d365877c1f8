import type { Dataset, FeatureExtractor, Score, Trainer } from '@ganzoo/core';
import { arrayImages, createScorer, loadExtractor, type ScoredSplit, type Scorer } from '@ganzoo/metrics';
import type { EvaluationPlan } from './identity.js';
import type { Rung } from './result.js';

/** Shares of noise in the yardsticks. */
const NOISE = [0.25, 1];

/** Scores a trainer's generator. Both splits are compared with their own real images, which are read when first needed. */
export class Evaluation {
  private readonly scorers = new Map<ScoredSplit, Promise<Scorer>>();

  private constructor(
    private readonly dataset: Dataset,
    private readonly plan: EvaluationPlan,
    readonly extractor: FeatureExtractor,
  ) {}

  static async create(dataset: Dataset, plan: EvaluationPlan): Promise<Evaluation> {
    return new Evaluation(dataset, plan, await loadExtractor(plan.extractor));
  }

  /**
   * Test split: the Fréchet distance and KID. Validation split: only the Fréchet distance, by which checkpoints are chosen.
   * Equal weights give equal
   * scores: latents and real images are drawn by fixed streams.
   */
  async score(trainer: Trainer, split: ScoredSplit): Promise<Score[]> {
    const scorer = await this.scorer(split);
    const samples = this.samples(split);
    const { values } = await trainer.sample(samples, { stream: `score ${split}` });
    const scores = await scorer.scoreImages(arrayImages(values, this.dataset.spec.shape), samples);
    return split === 'test' ? scores : scores.slice(0, 1);
  }

  /** Real images of the test split with noise mixed in. */
  async rungs(): Promise<Rung[]> {
    const scorer = await this.scorer('test');
    const rungs: Rung[] = [];
    for (const amount of NOISE) {
      const name = amount === 1 ? 'noise alone' : `noise ${String(amount).replace(/^0/, '')}`;
      rungs.push({ name, amount, scores: await scorer.scoreNoise(amount, this.samples('test')) });
    }
    return rungs;
  }

  dispose(): void {
    this.extractor.dispose();
  }

  private samples(split: ScoredSplit): number {
    return split === 'test' ? this.plan.testSamples : this.plan.validationSamples;
  }

  private scorer(split: ScoredSplit): Promise<Scorer> {
    let scorer = this.scorers.get(split);
    if (scorer === undefined) {
      const kernelSubsets = split === 'test' ? this.plan.kernelSubsets : 1;
      scorer = createScorer({ extractor: this.extractor, dataset: this.dataset, split, samples: this.samples(split), kernelSubsets });
      this.scorers.set(split, scorer);
    }
    return scorer;
  }
}
