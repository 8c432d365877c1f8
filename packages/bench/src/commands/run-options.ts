import path from 'node:path';
import { type EngineName, parseOverrides } from '@ganzoo/core';
import { absoluteName, limited } from '@ganzoo/datasets';
import { type Command, Option } from 'commander';
import { isVariantPath } from '../discover.js';
import { addEngineOptions, decay, exclude, wholeNumber } from '../options.js';
import { existingRun, RunFolder } from '../run-folder.js';
import type { BenchSettings } from '../settings.js';
import { findSuite } from '../suite.js';

/** What `bench` and `train` have in common. */
export interface RunOptions {
  readonly suite: string;
  readonly steps?: number;
  readonly size?: number;
  readonly net?: string;
  readonly config?: readonly string[];
  readonly ema?: number;
  readonly engine: EngineName | 'auto';
  readonly eager?: boolean;
  readonly jobs?: number;
  readonly extractor?: string;
  readonly evalEvery?: number;
  readonly samples?: number;
  readonly limit?: number;
  readonly dataDir?: string;
  readonly out?: string;
  readonly resume?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly debug?: boolean;
}

export function addRunOptions(command: Command, suite: string): Command {
  return addEngineOptions(command)
    .option('--suite <name>', 'settings for all that is not given', suite)
    .option('--steps <n>', "generator steps (default: the suite's)", wholeNumber(1))
    .option('--size <pixels>', "height and width of the images (default: the suite's, or the nearest that a variant takes)", wholeNumber(1))
    .option('--net <name>', "a variant's own networks (paper) or the small ones that all share (shared); short for --config net=...")
    .option('--config <key=value...>', "fields of a variant's config; 'ganzoo ls variants' lists them")
    .option('--ema <decay>', "keep a weight average of the generator and sample from it; 0 keeps none (default: the variant's)", decay)
    .option('--eager', 'operation by operation, also where the engine can run a move as one call')
    .option('--extractor <name>', 'features for the scores (default: those trained on the data set)')
    .option('--eval-every <steps>', 'steps between scores on the validation split', wholeNumber(1))
    .option('--samples <n>', 'images generated for a score, and as many real ones', wholeNumber(2))
    .option('--limit <n>', 'at most so many images of every split, a random part; short for @limit=n behind a data set', wholeNumber(1))
    .addOption(new Option('--data-dir <folder>', 'where the data files are; without it they are downloaded').env('GANZOO_DATA'))
    .option('--out <folder>', 'run folder; a run that was stopped there goes on (default: runs/<time>)')
    .option('--resume <folder>', 'go on with a run, with the settings of its folder')
    .option('--json', 'print the results as JSON on standard output, and nothing else there')
    .option('--quiet', 'no progress')
    .option('--debug', 'stack traces, and what the engine prints');
}

/** Options that a resumed run takes from its folder. */
const FROM_FOLDER = ['variants', 'datasets', 'dataset', 'seeds', 'seed', 'steps', 'size', 'net', 'config', 'ema', 'eager', 'extractor', 'evalEvery', 'samples', 'limit', 'out'];

export interface Target {
  readonly settings: BenchSettings;
  readonly run: RunFolder;
  readonly dataDir: string | undefined;
}

/** What to run and where: from the folder of a run to resume, or else from the options. */
export async function findTarget(given: RunOptions, what: () => Pick<BenchSettings, 'variants' | 'datasets' | 'seeds' | 'asked'>): Promise<Target> {
  const dataDir = given.dataDir === undefined ? undefined : path.resolve(given.dataDir);
  if (given.resume !== undefined) {
    exclude({ ...given }, 'resume', FROM_FOLDER);
    const { run, config } = await existingRun(given.resume);
    return { settings: config.settings, run, dataDir: dataDir ?? config.dataDir ?? undefined };
  }
  const run = new RunFolder(given.out ?? path.join('runs', new Date().toISOString().slice(0, 19).replaceAll(':', '-')));
  const asked = what();
  const variants = asked.variants.map((word) => (isVariantPath(word) ? path.resolve(word) : word)); // a run may go on from another folder
  const { limit } = given;
  const datasets = asked.datasets.map((name) => absoluteName(limit === undefined ? name : limited(name, limit)));
  return { settings: { ...asked, variants, datasets, ...settingsOf(given) }, run, dataDir };
}

/** The settings that the options come to, with the suite's where they say nothing. */
export function settingsOf(given: RunOptions): Omit<BenchSettings, 'variants' | 'datasets' | 'seeds' | 'asked'> {
  const suite = findSuite(given.suite);
  return {
    suite: suite.name,
    steps: given.steps ?? null,
    size: given.size ?? null,
    config: { ...parseOverrides(given.config ?? []), ...(given.net === undefined ? {} : { net: given.net }) },
    emaDecay: given.ema ?? null,
    engine: given.engine,
    jobs: given.jobs ?? null,
    eager: given.eager === true,
    extractor: given.extractor ?? null,
    evalEvery: given.evalEvery ?? null,
    validationSamples: Math.min(given.samples ?? Infinity, suite.validationSamples),
    testSamples: given.samples ?? suite.testSamples,
    kernelSubsets: suite.kernelSubsets,
  };
}
