import { type Dataset, type Engine, type Paper, type PassedOver, Trainer, type Variant } from '@ganzoo/core';
import { loadDataset } from '@ganzoo/datasets';
import { loadVariant, type VariantListing } from '../discover.js';
import type { CellIdentity } from './identity.js';

/** All that a process needs to run a cell. Plain data. */
export interface CellJob {
  readonly id: string;
  readonly identity: CellIdentity;
  readonly variant: Pick<VariantListing, 'name' | 'from' | 'module'>;
  readonly paper: Paper;
  readonly dataDir?: string | undefined;
  readonly passedOver: readonly PassedOver[];
  /** Of the processor; undefined: all of them. */
  readonly threads?: number | undefined;
  /** Of the GPU, on engines that are told; undefined: the engine's own choice. */
  readonly deviceIndex?: number | undefined;
  /** The folder `cells` of the run. */
  readonly cells: string;
}

/** What the job's process has built. */
export interface LoadedCell {
  readonly variant: Variant;
  readonly dataset: Dataset;
  readonly trainer: Trainer;
  /** The trainer as it was before its first step. The caller disposes it. */
  untrained(): Trainer;
}

/** Imports the variant, opens the data and builds the networks, on the engine that runs. */
export async function loadCell({ identity, variant: listing, dataDir }: Pick<CellJob, 'identity' | 'variant' | 'dataDir'>, engine: Engine): Promise<LoadedCell> {
  const { data, config, seed, emaDecay, mode } = identity;
  const tracer = mode === 'traced' ? engine.tracer : undefined;
  const variant = await loadVariant(listing);
  const dataset = await loadDataset(data.name, { dataDir, ...sizeOf(data.shape), splits: ['train'] });
  const trainer = (): Trainer => new Trainer({ variant, dataset, config, seed, emaDecay, tracer });
  return { variant, dataset, trainer: trainer(), untrained: trainer };
}

/** What to ask of a data set to get samples of a shape; nothing for vectors. */
export function sizeOf(shape: readonly number[]): { size?: number | undefined; channels?: number | undefined } {
  const [size, , channels] = shape;
  return shape.length === 3 ? { size, channels } : {};
}
