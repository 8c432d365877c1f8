import path from 'node:path';
import type { EngineName } from '@ganzoo/core';
import { parseOverrides } from '@ganzoo/core';
import { type Command, Option } from 'commander';
import { runBench } from '../bench.js';
import { discoverVariants } from '../discover.js';
import { watchInterrupt } from '../interrupt.js';
import { leaderboards } from '../leaderboard.js';
import { leaderboardText } from '../leaderboard-text.js';
import { decay, ENGINES, exclude, wholeNumber, wholeNumbers, words } from '../options.js';
import { colors, progressView } from '../progress/index.js';
import { writeReport } from '../report/write.js';
import { existingRun, RunFolder } from '../run-folder.js';
import type { BenchSettings } from '../settings.js';
import { findSuite } from '../suite.js';

const EXAMPLES = `
Examples:
  ganzoo bench                                               every variant on embedded data, in minutes
  ganzoo bench --variants dcgan --datasets mnist --steps 3000
  ganzoo bench --config latentDim=64 filters=32 --seeds 0-4
  ganzoo bench --engine wasm --steps 100 --json > result.json
  ganzoo bench --resume runs/2026-01-31T12-00-00             go on where a run was stopped`;

interface Given {
  readonly variants?: string[];
  readonly datasets?: string[];
  readonly suite?: string;
  readonly steps?: number;
  readonly seeds?: number[];
  readonly size?: number;
  readonly net?: string;
  readonly config?: string[];
  readonly ema?: number;
  readonly engine?: EngineName | 'auto';
  readonly extractor?: string;
  readonly evalEvery?: number;
  readonly samples?: number;
  readonly dataDir?: string;
  readonly out?: string;
  readonly resume?: string;
  readonly retryFailed?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly debug?: boolean;
}

export function addBench(program: Command): void {
  program
    .command('bench')
    .description('Train variants on the same data with the same budget, score them the same way, and rank them.')
    .option('--variants <names>', 'variants, by name or by the path of a module that exports one (default: all installed)', words)
    .option('--datasets <names>', 'data sets (default: the suite\'s)', words)
    .option('--suite <name>', 'settings for all that is not given', 'quick')
    .option('--steps <n>', 'generator steps of every cell (default: the suite\'s)', wholeNumber(1))
    .option('--seeds <list>', 'seeds, such as 0,1,2 or 0-2 (default: the suite\'s)', wholeNumbers)
    .option('--size <pixels>', 'height and width of the images (default: the suite\'s)', wholeNumber(1))
    .option('--net <name>', "networks of every variant: its paper's, or the small one that all share; short for --config net=...")
    .option('--config <key=value...>', "fields of the variants' configs; 'ganzoo ls variants' lists them")
    .option('--ema <decay>', 'keep a weight average of the generator and sample from it (default: 0, none)', decay)
    .addOption(new Option('--engine <name>', 'what computes').choices(ENGINES).default('auto'))
    .option('--extractor <name>', 'features for the scores (default: those trained on the data set)')
    .option('--eval-every <steps>', 'steps between scores on the validation split', wholeNumber(1))
    .option('--samples <n>', 'images generated for a score, as many real ones compared with', wholeNumber(2))
    .addOption(new Option('--data-dir <folder>', 'where data files are, instead of a download').env('GANZOO_DATA'))
    .option('--out <folder>', 'run folder; one that was stopped goes on (default: runs/<time>)')
    .option('--resume <folder>', 'go on with a run, with the settings of its folder')
    .option('--retry-failed', 'run cells that failed again')
    .option('--json', 'print the results as JSON on standard output, and nothing else there')
    .option('--quiet', 'no progress')
    .option('--debug', 'stack traces, and what the engine prints')
    .addHelpText('after', EXAMPLES)
    .action(bench);
}

async function bench(given: Given): Promise<void> {
  const { settings, run, dataDir } = await target(given);
  const view = progressView({ quiet: given.quiet === true });
  const interrupt = watchInterrupt(() => view.note('Stopping after the step under way ... (again: at once)'));
  try {
    const { variants, config, ...others } = settings;
    view.note(`Settings: variants ${variants.join(', ')}; ${describe(others)}; config ${JSON.stringify({ ...findSuite(settings.suite).config, ...config })}`);
    const cells = await runBench({ settings, run, dataDir, view, interrupt, debug: given.debug, retryFailed: given.retryFailed });
    const report = await writeReport(cells, run.cells, run.report);
    const boards = leaderboards(cells);
    view.close();
    if (given.json === true) process.stdout.write(`${JSON.stringify({ run: run.path, report, leaderboards: boards, cells }, null, 1)}\n`);
    else process.stdout.write(`\n${boards.map((board) => leaderboardText(board, colors.out)).join('\n\n')}\n\nReport: ${report}\n`);
    if (cells.some(({ status }) => status === 'failed')) process.exitCode = 1;
  } finally {
    view.close();
    interrupt.dispose();
  }
}

/** What to run and where: from a folder to resume, or from the options and the suite. */
async function target(given: Given): Promise<{ settings: BenchSettings; run: RunFolder; dataDir: string | undefined }> {
  if (given.resume !== undefined) {
    exclude(given as Readonly<Record<string, unknown>>, 'resume', ['variants', 'datasets', 'steps', 'seeds', 'size', 'net', 'config', 'ema', 'extractor', 'evalEvery', 'samples', 'out']);
    const { run, config } = await existingRun(given.resume);
    return { settings: config.settings, run, dataDir: given.dataDir ?? config.dataDir ?? undefined };
  }
  const settings = settingsOf(given);
  const run = new RunFolder(given.out ?? path.join('runs', new Date().toISOString().slice(0, 19).replaceAll(':', '-')));
  return { settings, run, dataDir: given.dataDir === undefined ? undefined : path.resolve(given.dataDir) };
}

function settingsOf(given: Given): BenchSettings {
  const suite = findSuite(given.suite ?? 'quick');
  return {
    suite: suite.name,
    variants: given.variants ?? discoverVariants().map(({ name }) => name),
    datasets: given.datasets ?? suite.datasets,
    seeds: given.seeds ?? suite.seeds,
    steps: given.steps ?? null,
    size: given.size ?? suite.size,
    config: { ...parseOverrides(given.config ?? []), ...(given.net === undefined ? {} : { net: given.net }) },
    emaDecay: given.ema ?? suite.emaDecay,
    engine: given.engine ?? 'auto',
    extractor: given.extractor ?? null,
    evalEvery: given.evalEvery ?? null,
    validationSamples: Math.min(given.samples ?? Infinity, suite.validationSamples),
    testSamples: given.samples ?? suite.testSamples,
    kernelSubsets: suite.kernelSubsets,
  };
}

function describe({ suite, datasets, seeds, steps, size, emaDecay, validationSamples, testSamples }: Omit<BenchSettings, 'variants' | 'config'>): string {
  const { steps: usual } = findSuite(suite);
  return `data sets ${datasets.join(', ')}; seeds ${seeds.join(', ')}; ${size} pixels; ${steps ?? usual} steps; weight average ${emaDecay}; ${validationSamples} validation and ${testSamples} test samples; suite ${suite}`;
}
