import type { Float64Algebra } from '@ganzoo/core';
import type { EvaluationPlan } from '../cell/identity.js';
import type { LoadedCell } from '../cell/job.js';
import { encoderProbe } from './encoder.js';
import { FeatureStore } from './feature-store.js';
import { ImageJudge, type ImageJudgeOptions } from './images.js';
import type { Judge } from './judge.js';
import { labelProbe } from './labels.js';
import { modesProbe } from './modes.js';
import { type MakeProbe, withProbes } from './probe.js';
import { TranslationJudge } from './translation.js';
import { VectorJudge } from './vectors.js';

export type { Judge, Picture } from './judge.js';

/** Of models that can do more than generate. */
const probes: readonly MakeProbe[] = [encoderProbe, labelProbe, modesProbe];

export interface JudgeOptions {
  /** Folder for features of real images. */
  readonly features: string;
  /** The engine's algebra, if it has one. */
  readonly float64: Float64Algebra | undefined;
}

/**
 * The judge for a cell's kind of data.
 * @throws {UsageError} when there is no such extractor.
 */
export async function createJudge(cell: LoadedCell, plan: EvaluationPlan, { features, float64 }: JudgeOptions): Promise<Judge> {
  const judge = await judgeOf(cell, plan, { store: new FeatureStore(features), float64 });
  return withProbes(judge, probes.flatMap((make) => make(cell, plan) ?? []));
}

async function judgeOf({ dataset }: LoadedCell, plan: EvaluationPlan, options: ImageJudgeOptions): Promise<Judge> {
  if (dataset.spec.domains) return TranslationJudge.create(dataset, plan, options.store);
  if (dataset.spec.kind === 'vectors') return new VectorJudge(dataset, plan);
  return ImageJudge.create(dataset, plan, plan.extractor as string, options);
}
