import type { LoadedCell } from '../cell/job.js';
import type { EvaluationPlan } from '../cell/identity.js';
import { FeatureStore } from './feature-store.js';
import { ImageJudge } from './images.js';
import type { Judge } from './judge.js';

export type { Judge, Picture } from './judge.js';

/**
 * The judge for a cell's kind of data.
 * @param features folder for features of real images.
 * @throws {UsageError} when there is no such extractor.
 */
export async function createJudge({ dataset }: LoadedCell, plan: EvaluationPlan, features: string): Promise<Judge> {
  return ImageJudge.create(dataset, plan, plan.extractor as string, new FeatureStore(features));
}
