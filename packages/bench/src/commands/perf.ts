import type { EngineName } from '@ganzoo/core';
import { type Command, Option } from 'commander';
import { inChild } from '../child-process.js';
import { discoverVariants } from '../discover.js';
import { count, megabytes, number, table } from '../format.js';
import { addEngineOptions, wholeNumber, words } from '../options.js';
import { threadsOf } from '../jobs.js';
import { placeCell, planCells } from '../plan.js';
import type { Performance, StepTimes } from '../perf/measure.js';
import { colors, progressView } from '../progress/index.js';
import type { BenchSettings } from '../settings.js';
import { findSuite } from '../suite.js';
import { settingsOf } from './run-options.js';

interface PerfOptions {
  readonly variants?: readonly string[];
  readonly datasets?: readonly string[];
  readonly suite: string;
  readonly engine: EngineName | 'auto';
  readonly net?: string;
  readonly size?: number;
  readonly config?: readonly string[];
  readonly dataDir?: string;
  readonly steps: number;
  readonly threads?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly debug?: boolean;
}

const EXAMPLES = `
Examples:
  ganzoo perf                                              every variant, with the settings of the suite quick
  ganzoo perf --variants dcgan --suite paper --size 32 --config batchSize=64
  ganzoo perf --engine wasm --steps 10 --json > wasm.json`;

export function addPerf(program: Command): void {
  addEngineOptions(program.command('perf').description("Time training steps, traced and eager in turns, and compare them with the engine's own matrix product."))
    .option('--variants <names>', 'by name, or by path (default: all installed)', words)
    .option('--datasets <names>', "data sets (default: the suite's)", words)
    .option('--suite <name>', 'settings for all that is not given', 'quick')
    .option('--net <name>', 'short for --config net=...')
    .option('--size <pixels>', 'height and width of the images', wholeNumber(1))
    .option('--config <key=value...>', "fields of a variant's config")
    .addOption(new Option('--data-dir <folder>', 'where the data files are').env('GANZOO_DATA'))
    .option('--steps <n>', 'that are timed, of each mode', wholeNumber(1), 30)
    .option('--threads <n>', 'of the processor (default: all; one on points)', wholeNumber(1))
    .option('--json', 'print the measurements as JSON on standard output, and nothing else there')
    .option('--quiet', 'no progress')
    .option('--debug', 'stack traces, and what the engine prints')
    .addHelpText('after', EXAMPLES)
    .action(perf);
}

async function perf(options: PerfOptions): Promise<void> {
  const { debug, threads, steps, dataDir, json = false, quiet = false } = options;
  const view = progressView({ quiet });
  const settings = perfSettings(options);
  const { cells, leftOut } = await planCells(settings, { dataDir });
  for (const reason of leftOut) view.note(reason);
  const engine = await inChild({ task: 'engine', engine: options.engine, threads }, { debug });
  view.note(`Engine: ${engine.name}; ${steps} steps of each mode, in turns`);
  const measured: Performance[] = [];
  for (const [i, cell] of cells.entries()) {
    view.status(`[${i + 1}/${cells.length}] ${cell.variant.name} on ${cell.data.name} ...`);
    const job = placeCell(cell, { settings, engine, cells: '', dataDir, threads: threads ?? threadsOf(1, [cell.data]) });
    measured.push(await inChild({ task: 'perf', job, steps }, { debug }));
  }
  view.close();
  process.stdout.write(json ? `${JSON.stringify(measured, null, 1)}\n` : `${performanceText(measured)}\n`);
}

/** Its steps are those that are timed; a cell's own are the suite's. Nothing is scored. */
function perfSettings({ variants, datasets, steps: _timed, ...given }: PerfOptions): BenchSettings {
  return {
    ...settingsOf({ ...given, jobs: 1, samples: 2 }),
    variants: variants ?? discoverVariants().map(({ name }) => name),
    datasets: datasets ?? findSuite(given.suite).datasets,
    seeds: [0],
    asked: variants === undefined ? [] : ['variants'],
  };
}

function performanceText(measured: readonly Performance[]): string {
  const times = (one: StepTimes | null): string[] => (one ? [number(one.median), number(one.min)] : ['-', '-']);
  const onGpu = measured.some(({ gpu }) => gpu !== null);
  const header = ['', 'device', 'traced ms', 'min', 'eager ms', 'min', 'eager/traced', 'images/s', 'GFLOP', 'GFLOP/s', 'of GEMM', 'GB', 'GB/s', 'of copy', 'peak memory'];
  const rows = measured.map((one) => {
    const { variant, data, shape, device, eager, traced, gflopPerStep, gigabytesPerStep, peakRssBytes, gpu } = one;
    const best = traced ?? eager;
    const { arithmetic, memory } = shares(one);
    return [
      `${variant} on ${data} ${shape.join('x')}`,
      device,
      ...times(traced),
      ...times(eager),
      traced ? (eager.median / traced.median).toFixed(2) : '-',
      count(best.imagesPerSecond),
      number(gflopPerStep),
      best.gflops.toFixed(1),
      percent(arithmetic),
      number(gigabytesPerStep),
      ((1000 * gigabytesPerStep) / best.median).toFixed(1),
      percent(memory),
      megabytes(peakRssBytes),
      ...(onGpu ? gpuColumns(gpu) : []),
    ];
  });
  const [head = '', ...lines] = table([[...header, ...(onGpu ? ['GPU ms', 'GPU memory'] : [])], ...rows]);
  const refused = measured.flatMap(({ variant, untraced }) => Object.entries(untraced).map(([player, reason]) => `${variant}: ${player} not traced as one call: ${reason}`));
  const note =
    'ms: median and least of a step, with its losses on the host. GFLOP: matrix products and convolutions of a step; GEMM: a product of two large matrices. ' +
    'GB: what its operations read and write, were nothing in a cache; copy: a large vector plus a number. Both on the same engine, in the same run.' +
    (onGpu ? ' GPU ms: of a traced step, the rest is the host\'s.' : '');
  return [colors.out.dim(head), ...lines, ...refused, colors.out.dim(note)].join('\n');
}

/** Of what the engine can do at best. A step whose values stay in a cache reads and writes faster than memory: more than 100 %. */
function shares({ eager, traced, gigabytesPerStep, gemmGflops, copyGigabytes }: Performance): { arithmetic: number; memory: number } {
  const best = traced ?? eager;
  return { arithmetic: best.gflops / gemmGflops, memory: (1000 * gigabytesPerStep) / best.median / copyGigabytes };
}

function gpuColumns(gpu: Performance['gpu']): string[] {
  const { busy = null, bytes = null } = gpu ?? {};
  return [busy === null ? '-' : number(busy), bytes === null ? '-' : megabytes(bytes)];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
