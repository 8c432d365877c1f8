import { checkRequirements, configFor, type Dataset, type DataSpec, DataError, didYouMean, UsageError, type Variant } from '@ganzoo/core';
import { type DownloadProgress, findDataset, loadDataset } from '@ganzoo/datasets';
import { extractors, secondExtractor } from '@ganzoo/metrics';
import { type CellIdentity, cellId } from './cell/identity.js';
import type { CellJob } from './cell/job.js';
import type { EngineFacts } from './engine-facts.js';
import { extractorOf } from './extractor-of.js';
import { findVariants, loadVariant, type VariantListing } from './discover.js';
import type { BenchSettings } from './settings.js';
import { findSuite } from './suite.js';
import { packageVersions } from './versions.js';

/** A cell before the engine is known. */
export interface PlannedCell {
  readonly listing: VariantListing;
  readonly variant: Variant;
  readonly data: DataSpec;
  readonly seed: number;
  readonly config: Readonly<Record<string, unknown>>;
  readonly emaDecay: number;
  /** Generator steps. */
  readonly steps: number;
  readonly extractor: string | null;
}

export interface Plan {
  readonly cells: readonly PlannedCell[];
  /** Why variants and data sets that nobody asked for by name are not part of it. */
  readonly leftOut: readonly string[];
}

export interface PlanOptions {
  readonly dataDir?: string | undefined;
  readonly onDownload?: ((progress: DownloadProgress) => void) | undefined;
}

type Configured = Pick<PlannedCell, 'listing' | 'variant' | 'data' | 'config' | 'emaDecay' | 'steps' | 'extractor'>;

/**
 * The cells of a bench, data set by data set, then seed by seed, so that every variant has a first result early. Of
 * variants and data sets those are paired that fit; one that was asked for by name must fit something. All that can be
 * wrong with names, config and data files shows here, before any training.
 * @throws {UsageError} for an unknown name or field, or more samples than a split has.
 * @throws {DataError} for a missing or damaged file, or data that fit no variant.
 */
export async function planCells(settings: BenchSettings, options: PlanOptions): Promise<Plan> {
  const listings = await findVariants(settings.variants);
  const variants = await Promise.all(listings.map(async (listing) => ({ listing, variant: await loadVariant(listing) })));
  checkFields(variants.map(({ variant }) => variant), settings);
  const pairs: (Configured | Misfit)[] = [];
  for (const name of settings.datasets) {
    const open = openedOnce(name, options);
    for (const one of variants) pairs.push(await pair(one.listing, one.variant, name, settings, open));
  }
  const fitting = pairs.filter((one): one is Configured => !isMisfit(one));
  const misfits = pairs.filter(isMisfit);
  const leftOut: string[] = [];
  for (const [kind, names] of [['variant', variants.map(({ variant }) => variant.name)], ['dataset', settings.datasets]] as const) {
    for (const name of names) {
      if (fitting.some((one) => (kind === 'variant' ? one.variant.name : one.data.name) === name)) continue;
      const { error } = misfits.find((one) => one[kind] === name) as Misfit;
      if (fitting.length === 0 || settings.asked.includes(`${kind}s`)) throw error;
      leftOut.push(`Left out: ${error.message}`);
    }
  }
  const cells = settings.datasets.flatMap((name) => settings.seeds.flatMap((seed) => fitting.filter(({ data }) => data.name === name).map((one) => ({ ...one, seed }))));
  return { cells, leftOut };
}

/** @throws {UsageError} when no variant has a config field that the user set. */
function checkFields(variants: readonly Variant[], { config }: BenchSettings): void {
  const known = [...new Set(variants.flatMap((variant) => Object.keys(variant.config.shape)))];
  const unknown = Object.keys(config).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const who = variants.length === 1 ? `${variants[0]?.name} has no` : 'No variant has a';
  throw new UsageError(`${who} config field '${unknown}'.`, { remedy: didYouMean(unknown, known) });
}

/** A variant and a data set that do not go together. */
interface Misfit {
  readonly variant: string;
  readonly dataset: string;
  readonly error: Error;
}

function isMisfit(one: Configured | Misfit): one is Misfit {
  return 'error' in one;
}

/** Opens a data set at a size, once for all variants: what is wrong with its files shows. */
function openedOnce(name: string, { dataDir, onDownload }: PlanOptions): (size: number | undefined) => Promise<Dataset> {
  const opened = new Map<number | undefined, Promise<Dataset>>();
  return (size) => {
    const dataset = opened.get(size) ?? loadDataset(name, { dataDir, size, splits: ['train', 'test'], ...(onDownload && { onProgress: onDownload }) });
    opened.set(size, dataset);
    return dataset;
  };
}

/** @throws {ConfigError} when a value that the user set is out of range. */
async function pair(listing: VariantListing, variant: Variant, name: string, settings: BenchSettings, open: (size: number | undefined) => Promise<Dataset>): Promise<Configured | Misfit> {
  const misfit = (error: Error): Misfit => ({ variant: variant.name, dataset: name, error });
  const dataset = await open(chooseSize(variant, name, settings));
  const { spec } = dataset;
  try {
    checkRequirements(variant, spec);
  } catch (error) {
    if (error instanceof DataError) return misfit(error);
    throw error;
  }
  const suite = findSuite(settings.suite);
  const preset = variant.presets?.[suite.name];
  const own = Object.keys(variant.config.shape);
  const unknown = Object.keys(settings.config).find((name) => !own.includes(name));
  if (unknown !== undefined) return misfit(new UsageError(`${variant.name} has no config field '${unknown}'.`, { remedy: didYouMean(unknown, own) }));
  const usual = spec.kind === 'images' ? Object.fromEntries(Object.entries(suite.config).filter(([name]) => own.includes(name))) : {};
  const extractor = spec.kind === 'images' && !spec.domains ? chooseExtractor(settings.extractor, name) : null;
  checkSamples(dataset, settings);
  return {
    listing,
    variant,
    data: spec,
    config: configFor(variant, spec, { ...usual, ...preset?.config, ...settings.config }),
    emaDecay: settings.emaDecay ?? preset?.emaDecay ?? variant.emaDecay ?? 0,
    steps: settings.steps ?? Math.max(1, Math.round(suite.steps * (preset?.stepsFactor ?? 1))),
    extractor,
  };
}

/** The size that was asked for; else the suite's, or where the variant cannot take it the nearest that the data have and it can. */
function chooseSize(variant: Variant, dataset: string, { size, suite }: BenchSettings): number | undefined {
  const { sizes } = findDataset(dataset);
  if (sizes.length === 0) return undefined; // vectors
  if (size !== null) return size;
  const wanted = findSuite(suite).size;
  const possible = sizes.filter((one) => variant.requires.sizes?.includes(one) ?? true);
  const [nearest] = possible.sort((one, other) => Math.abs(one - wanted) - Math.abs(other - wanted));
  return nearest ?? wanted;
}

function chooseExtractor(asked: string | null, dataset: string): string {
  if (asked === null) return extractorOf(dataset);
  const known = Object.keys(extractors);
  if (!known.includes(asked)) throw new UsageError(`There is no extractor '${asked}'.`, { remedy: didYouMean(asked, known) });
  return asked;
}

/** A score compares with as many real images as are generated, and its floor with as many of the train split. */
function checkSamples(dataset: Dataset, { validationSamples, testSamples }: BenchSettings): void {
  const { name, domains } = dataset.spec;
  for (const [split, samples] of [['validation', validationSamples], ['test', testSamples]] as const) {
    const most = Math.min(...(domains ? (['a', 'b'] as const) : (['real'] as const)).map((domain) => dataset.source(split, domain).length));
    if (samples > most) {
      throw new UsageError(`${samples} samples were asked for, but the ${split} split of '${name}' has ${most}.`, { remedy: `Ask for at most ${most} with --samples.` });
    }
  }
}

/** Steps between scores on the validation split. */
function evaluationInterval({ evalEvery, suite }: Pick<BenchSettings, 'evalEvery' | 'suite'>, steps: number): number {
  return evalEvery ?? Math.max(1, Math.ceil(steps / findSuite(suite).evaluations));
}

export interface Placement {
  readonly settings: BenchSettings;
  readonly engine: EngineFacts;
  readonly dataDir?: string | undefined;
  /** Threads of each cell; undefined: all of the processor's. */
  readonly threads?: number | undefined;
  /** The folder `cells` of the run. */
  readonly cells: string;
}

/** The job that a planned cell is on an engine. */
export function placeCell({ listing, variant, data, seed, config, emaDecay, steps, extractor }: PlannedCell, { settings, engine, cells, dataDir, threads }: Placement): CellJob {
  const { validationSamples, testSamples, kernelSubsets } = settings;
  const identity: CellIdentity = {
    variant: variant.name,
    data: { name: data.name, shape: data.shape },
    seed,
    config,
    emaDecay,
    budget: steps,
    evaluation: { extractor, second: extractor === null || extractor === secondExtractor ? null : secondExtractor, every: evaluationInterval(settings, steps), validationSamples, testSamples, kernelSubsets },
    versions: { ...packageVersions(), [listing.from]: listing.version, ...engine.versions },
    engine: engine.name,
    device: engine.device,
    mode: engine.traces && !settings.eager ? 'traced' : 'eager',
  };
  return { id: cellId(identity), identity, variant: { name: listing.name, from: listing.from, module: listing.module }, paper: variant.paper, dataDir, passedOver: engine.passedOver, threads, cells };
}
