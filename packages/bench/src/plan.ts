import { checkRequirements, type DataSpec, didYouMean, resolveConfig, UsageError, type Variant } from '@ganzoo/core';
import { datasets, type DownloadProgress, loadDataset } from '@ganzoo/datasets';
import { extractorFor, extractors } from '@ganzoo/metrics';
import { type CellIdentity, cellId } from './cell/identity.js';
import type { CellJob } from './cell/job.js';
import type { EngineFacts } from './engine-facts.js';
import { findVariants, loadVariant, type VariantListing } from './discover.js';
import type { BenchSettings } from './settings.js';
import { findSuite } from './suite.js';
import { packageVersions } from './versions.js';

/** A cell before the engine and its budget are known. */
export interface PlannedCell {
  readonly listing: VariantListing;
  readonly variant: Variant;
  readonly data: DataSpec;
  readonly seed: number;
  readonly config: Readonly<Record<string, unknown>>;
  readonly extractor: string;
}

export interface PlanOptions {
  readonly dataDir?: string | undefined;
  readonly onDownload?: ((progress: DownloadProgress) => void) | undefined;
}

/**
 * The cells of a bench, data set by data set, then seed by seed, so that every variant has a first result early. All
 * that can be wrong with names, config and data files shows here, before any training.
 * @throws {UsageError} for an unknown name or field, or more samples than a split has.
 * @throws {DataError} for a missing or damaged file, or data that do not fit a variant.
 */
export async function planCells(settings: BenchSettings, { dataDir, onDownload }: PlanOptions): Promise<PlannedCell[]> {
  const listings = await findVariants(settings.variants);
  const configured = await Promise.all(listings.map(async (listing) => configure(listing, settings)));
  const cells: PlannedCell[] = [];
  for (const name of settings.datasets) {
    const { spec } = await loadDataset(name, { dataDir, size: settings.size, splits: ['train', 'test'], ...(onDownload && { onProgress: onDownload }) });
    const extractor = chooseExtractor(settings.extractor, name);
    checkSamples(name, settings);
    for (const { variant } of configured) checkRequirements(variant, spec);
    for (const seed of settings.seeds) {
      cells.push(...configured.map((one) => ({ ...one, data: spec, seed, extractor })));
    }
  }
  return cells;
}

/** @throws {ConfigError} when a field that the user set is unknown or out of range. */
async function configure(listing: VariantListing, { suite, config }: BenchSettings): Promise<Pick<PlannedCell, 'listing' | 'variant' | 'config'>> {
  const variant = await loadVariant(listing);
  const known = Object.entries(findSuite(suite).config).filter(([field]) => field in variant.config.shape);
  return { listing, variant, config: resolveConfig(variant.name, variant.config, { ...Object.fromEntries(known), ...config }) };
}

function chooseExtractor(asked: string | null, dataset: string): string {
  if (asked === null) return extractorFor(dataset);
  const known = Object.keys(extractors);
  if (!known.includes(asked)) throw new UsageError(`There is no extractor '${asked}'.`, { remedy: didYouMean(asked, known) });
  return asked;
}

/** A score compares with as many real images as are generated, and its floor with as many of the train split. */
function checkSamples(dataset: string, { validationSamples, testSamples }: BenchSettings): void {
  const splits = datasets[dataset]?.splits;
  for (const [split, samples] of [['validation', validationSamples], ['test', testSamples]] as const) {
    const most = splits?.[split] ?? 0;
    if (samples > most) {
      throw new UsageError(`${samples} samples were asked for, but the ${split} split of '${dataset}' has ${most}.`, { remedy: `Ask for at most ${most} with --samples.` });
    }
  }
}

/** Steps between scores on the validation split. */
export function evaluationInterval({ evalEvery, suite }: Pick<BenchSettings, 'evalEvery' | 'suite'>, steps: number): number {
  return evalEvery ?? Math.max(1, Math.ceil(steps / findSuite(suite).evaluations));
}

export interface Placement extends PlanOptions {
  readonly settings: BenchSettings;
  readonly engine: EngineFacts;
  /** Generator steps. */
  readonly steps: number;
  /** The folder `cells` of the run. */
  readonly cells: string;
}

/** The job that a planned cell is on an engine, with a budget. */
export function placeCell({ listing, variant, data, seed, config, extractor }: PlannedCell, { settings, engine, steps, cells, dataDir }: Placement): CellJob {
  const { emaDecay, validationSamples, testSamples, kernelSubsets } = settings;
  const identity: CellIdentity = {
    variant: variant.name,
    data: { name: data.name, shape: data.shape },
    seed,
    config,
    emaDecay,
    budget: steps,
    evaluation: { extractor, every: evaluationInterval(settings, steps), validationSamples, testSamples, kernelSubsets },
    versions: { ...packageVersions(), [listing.from]: listing.version, ...engine.versions },
    engine: engine.name,
    device: engine.device,
    mode: engine.traces && !settings.eager ? 'traced' : 'eager',
  };
  return { id: cellId(identity), identity, variant: { name: listing.name, from: listing.from, module: listing.module }, paper: variant.paper, dataDir, passedOver: engine.passedOver, cells };
}
