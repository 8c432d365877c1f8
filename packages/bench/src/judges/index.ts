import type { EvaluationPlan } from '../cell/identity.js';
import type { LoadedCell } from '../cell/job.js';
import { encoderProbe } from './encoder.js';
import { FeatureStore } from './feature-store.js';
import { ImageJudge } from './images.js';
import type { Judge } from './judge.js';
import { labelProbe } from './labels.js';
import { modesProbe } from './modes.js';
import { type MakeProbe, withProbes } from './probe.js';
import { TranslationJudge } from './translation.js';
import { VectorJudge } from './vectors.js';

export type { Judge, Picture } from './judge.js';

/** Of models that can do more than generate. */
const probes: readonly MakeProbe[] = [encoderProbe, labelProbe, modesProbe];

/**
 * The judge for a cell's kind of data.
 * @param features folder for features of real images.
 * @throws {UsageError} when there is no such extractor.
 */
export async function createJudge(cell: LoadedCell, plan: EvaluationPlan, features: string): Promise<Judge> {
  const judge = await judgeOf(cell, plan, new FeatureStore(features));
  return withProbes(judge, probes.flatMap((make) => make(cell, plan) ?? []));
}

async function judgeOf({ dataset }: LoadedCell, plan: EvaluationPlan, store: FeatureStore): Promise<Judge> {
  if (dataset.spec.domains) return TranslationJudge.create(dataset, plan, store);
  if (dataset.spec.kind === 'vectors') return new VectorJudge(dataset, plan);
  return ImageJudge.create(dataset, plan, plan.extractor as string, store);
}
