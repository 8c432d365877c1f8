import { type Dataset, type DataSpec, type Direction, type FeatureExtractor, Random, sampleSize, type Score, type Trainer } from '@ganzoo/core';
import { arrayImages, createScorer, loadExtractor, type ScoredSplit, type Scorer } from '@ganzoo/metrics';
import type { EvaluationPlan } from '../cell/identity.js';
import type { CellResult, Rung } from '../cell/result.js';
import { encodeGrid } from '../grid.js';
import { extractorOf, hasExtractor } from '../extractor-of.js';
import type { FeatureStore } from './feature-store.js';
import type { Judge, Picture } from './judge.js';
import { mean } from '../statistics.js';
import { meanImages, meanPsnr, trueMappingScore } from './translation-errors.js';

type Domain = 'a' | 'b';
const DIRECTIONS: readonly Direction[] = ['AtoB', 'BtoA'];
const FROM: Readonly<Record<Direction, Domain>> = { AtoB: 'a', BtoA: 'b' };
const TO: Readonly<Record<Direction, Domain>> = { AtoB: 'b', BtoA: 'a' };
const BACK: Readonly<Record<Direction, Direction>> = { AtoB: 'BtoA', BtoA: 'AtoB' };

/** Rows of a picture. */
const ROWS = 8;
/** An error per image varies little: so many tell checkpoints apart. */
const VALIDATION_SAMPLES = 500;
/** Training images that the mean image is the mean of. */
const MEAN_OF = 2000;

/**
 * Judges translations between two unpaired domains: by their error against the true mapping where the data tell it, by
 * what is left of an image after a way there and back, and by the Fréchet distance of translated images to those of
 * their new domain where an extractor knows that domain.
 */
export class TranslationJudge implements Judge {
  private readonly scorers = new Map<string, Promise<Scorer>>();

  private constructor(
    private readonly dataset: Dataset,
    private readonly plan: EvaluationPlan,
    private readonly store: FeatureStore,
    private readonly extractors: Readonly<Partial<Record<Domain, FeatureExtractor>>>,
  ) {}

  static async create(dataset: Dataset, plan: EvaluationPlan, store: FeatureStore): Promise<TranslationJudge> {
    const extractors: Partial<Record<Domain, FeatureExtractor>> = {};
    for (const domain of ['a', 'b'] as const) {
      const extractor = await fittingExtractor(specOf(dataset, domain));
      if (extractor) extractors[domain] = extractor;
    }
    return new TranslationJudge(dataset, plan, store, extractors);
  }

  /** Domain a's, else b's; every score's name has its own. */
  get extractor(): CellResult['extractor'] {
    const used = this.extractors.a ?? this.extractors.b;
    return used ? { name: used.name, weightsSha256: used.weightsSha256, testAccuracy: used.testAccuracy } : null;
  }

  async score(trainer: Trainer, split: ScoredSplit): Promise<Score[]> {
    const errors: Score[] = [];
    const distances: Score[] = [];
    const cycles: number[] = [];
    for (const direction of DIRECTIONS) {
      const images = await this.images(split, FROM[direction]);
      const translated = await trainer.translate(images, direction);
      const truth = this.dataset.trueMapping?.(images, direction);
      if (truth) errors.push(trueMappingScore(direction, translated, truth, this.shape(TO[direction]), split));
      if (truth && split === 'validation') continue; // the error decides between checkpoints
      distances.push(...(await this.distance(direction, translated, split)));
      cycles.push(meanPsnr(images, await trainer.translate(translated, BACK[direction]), this.shape(FROM[direction])));
    }
    return [...errors, ...distances, ...this.cycleScores(cycles, split)];
  }

  /** What costs nothing to know: the input itself, and the mean image of the domain that it should be in. */
  async rungs(): Promise<Rung[]> {
    const [identity, constant]: [Score[], Score[]] = [[], []];
    for (const direction of DIRECTIONS) {
      const images = await this.images('test', FROM[direction]);
      const shape = this.shape(TO[direction]);
      const truth = this.dataset.trueMapping?.(images, direction);
      const comparable = String(shape) === String(this.shape(FROM[direction]));
      if (comparable) identity.push(...(await this.distance(direction, images, 'test')));
      if (!truth) continue;
      if (comparable) identity.push(trueMappingScore(direction, images, truth, shape, 'test'));
      constant.push(trueMappingScore(direction, meanImages(await this.trainImages(TO[direction]), shape, this.samples('test')), truth, shape, 'test'));
    }
    return [{ name: 'identity mapping', scores: identity }, { name: 'mean image', scores: constant }].filter(({ scores }) => scores.length > 0);
  }

  /** Columns: a, its translation, the true one where it is known, the way back; then the same of b. */
  async draw(trainer: Trainer): Promise<Picture> {
    const columns: Float32Array[] = [];
    for (const direction of DIRECTIONS) {
      const images = await this.images('validation', FROM[direction], ROWS);
      const translated = await trainer.translate(images, direction);
      const truth = this.dataset.trueMapping?.(images, direction);
      const [from, to] = [this.shape(FROM[direction]), this.shape(TO[direction])];
      columns.push(coloured(images, from), coloured(translated, to));
      if (truth) columns.push(coloured(truth, to));
      columns.push(coloured(await trainer.translate(translated, BACK[direction]), from));
    }
    const [height, width] = this.shape('a') as [number, number];
    const size = sampleSize({ shape: [height, width, 3] });
    const cells = Array.from({ length: ROWS }, (_, row) => columns.map((column) => column.subarray(row * size, (row + 1) * size))).flat();
    const values = new Float32Array(cells.length * size);
    cells.forEach((cell, i) => values.set(cell, i * size));
    return { extension: 'png', bytes: encodeGrid(values, [height, width, 3], columns.length) };
  }

  /** The pictures show the inputs themselves. */
  async drawReal(): Promise<undefined> {
    return undefined;
  }

  dispose(): void {
    for (const extractor of Object.values(this.extractors)) extractor.dispose();
  }

  /** `fid-<extractor>-AtoB`: translated images against those of their new domain. None where no extractor knows it. */
  private async distance(direction: Direction, translated: Float32Array, split: ScoredSplit): Promise<Score[]> {
    const domain = TO[direction];
    const extractor = this.extractors[domain];
    if (!extractor) return [];
    const samples = this.samples(split);
    const key = `${split} ${domain}`;
    const scorer = this.scorers.get(key) ?? createScorer({ extractor, dataset: this.dataset, split, domain, samples, kernelSubsets: 0, remember: this.store.remember.bind(this.store) });
    this.scorers.set(key, scorer);
    const scores = await (await scorer).scoreImages(arrayImages(translated, this.shape(domain)), samples);
    return scores.map((score) => ({ ...score, name: `${score.name}-${direction}` }));
  }

  /** Over both domains. */
  private cycleScores(cycles: readonly number[], split: ScoredSplit): Score[] {
    if (cycles.length === 0) return [];
    const count = this.samples(split);
    return [{ name: 'cycle-psnr', value: mean(cycles), better: 'higher', samples: { real: count, generated: count }, split }];
  }

  /** Random ones, the same at every call. */
  private async images(split: ScoredSplit, domain: Domain, count = this.samples(split)): Promise<Float32Array> {
    const source = this.dataset.source(split, domain);
    const chosen = Random.of('translation', split, domain).permutation(source.length).subarray(0, count);
    return (await source.read(chosen)).values;
  }

  private async trainImages(domain: Domain): Promise<Float32Array> {
    const source = this.dataset.source('train', domain);
    const { values } = await source.read(Random.of('translation', 'mean', domain).permutation(source.length).subarray(0, MEAN_OF));
    return values;
  }

  private shape(domain: Domain): readonly number[] {
    return specOf(this.dataset, domain).shape;
  }

  private samples(split: ScoredSplit): number {
    if (split === 'test') return this.plan.testSamples;
    return this.dataset.trueMapping ? Math.min(VALIDATION_SAMPLES, this.plan.validationSamples) : this.plan.validationSamples;
  }
}

/** None for a domain whose images no extractor was trained on, or takes. */
async function fittingExtractor({ name, shape }: DataSpec): Promise<FeatureExtractor | undefined> {
  if (!hasExtractor(name)) return undefined;
  const extractor = await loadExtractor(extractorOf(name));
  if (extractor.accepts(shape)) return extractor;
  extractor.dispose();
  return undefined;
}

/** Grey images as coloured ones, so that both domains fit into one picture. */
function coloured(values: Float32Array, shape: readonly number[]): Float32Array {
  return shape[2] === 1 ? Float32Array.from({ length: values.length * 3 }, (_, i) => values[Math.floor(i / 3)] as number) : values;
}

function specOf({ spec }: Dataset, domain: Domain): DataSpec {
  return (spec.domains as NonNullable<DataSpec['domains']>)[domain];
}
