import { GanzooError } from '@ganzoo/core';
import type { EngineFacts } from './engine-facts.js';
import type { Executor } from './executor.js';
import { type Calibration, estimateSeconds, scaleSteps } from './budget.js';
import type { CellJob } from './cell/job.js';
import { cellTitle } from './cell/identity.js';
import type { CellOutcome } from './cell/events.js';
import type { CellResult } from './cell/result.js';
import { describeFailedCell } from './cell/summary.js';
import { count, duration } from './format.js';
import type { Interrupt } from './interrupt.js';
import { evaluationInterval, placeCell, planCells, type PlannedCell } from './plan.js';
import type { ProgressView } from './progress/index.js';
import { checkSameCells, checkSettings, type RunConfig, type RunFolder } from './run-folder.js';
import { type BenchSettings, describeSettings } from './settings.js';
import { findSuite } from './suite.js';

export interface BenchOptions {
  readonly settings: BenchSettings;
  readonly run: RunFolder;
  readonly dataDir?: string | undefined;
  readonly retryFailed?: boolean | undefined;
  /** Where the work is done. */
  readonly executor: Executor;
  /** How the user goes on with a stopped run. */
  readonly resumeCommand: string;
  readonly view: ProgressView;
  readonly interrupt: Interrupt;
}

/**
 * Trains and scores every cell that has no result yet, one after the other.
 * @returns the results of all cells of the bench.
 * @throws {RunFolderError} when the folder belongs to another bench; nothing in it is changed.
 * @throws {Interrupted} when the user stops it; run again, it goes on.
 */
export async function runBench(options: BenchOptions): Promise<CellResult[]> {
  const { run, view } = options;
  const begun = await run.readConfig();
  if (begun) checkSettings(run.path, begun.settings, options.settings);
  const planned = await plan(options);
  options.interrupt.check('Nothing was begun.');
  view.note(describeSettings(options.settings));
  return run.locked(
    () => runLocked(options, planned),
    () => view.note(`Another ganzoo works in ${run.path}: waiting for it to end.`),
  );
}

async function runLocked(options: BenchOptions, planned: readonly PlannedCell[]): Promise<CellResult[]> {
  const { run, settings, view, dataDir, executor, interrupt } = options;
  const begun = await run.readConfig(); // again: another process may have written it before the lock came
  view.status('Starting the engine ...');
  const engine = await executor.engine(settings.engine);
  interrupt.check('Nothing was begun.');
  sayEngine(engine, settings, view);
  const place = (steps: number): CellJob[] => planned.map((cell) => placeCell(cell, { settings, engine, steps, cells: run.cells, dataDir }));
  const { steps, calibration } = begun ?? (await decideBudget(options, engine, place));
  const jobs = place(steps);
  const cells = jobs.map(({ id }) => id);
  if (begun) checkSameCells(run.path, begun, engine, cells);
  else await run.writeConfig({ format: 'ganzoo-run', version: 1, settings, dataDir: dataDir ?? null, engine, steps, calibration, cells });
  view.note(`${jobs.length} ${jobs.length === 1 ? 'cell' : 'cells'} of ${count(steps)} steps, scored every ${count(evaluationInterval(settings, steps))}; results go to ${run.path}`);
  const results: CellResult[] = [];
  for (const [i, job] of jobs.entries()) results.push(await cellOnce(job, { number: i + 1, of: jobs.length }, options));
  return results;
}

async function plan({ settings, dataDir, view }: BenchOptions): Promise<PlannedCell[]> {
  return planCells(settings, {
    dataDir,
    onDownload: ({ file, bytes, total }) => view.status(`Downloading ${file}: ${count(bytes / 1e3)} kB${total === undefined ? '' : ` of ${count(total / 1e3)} kB`}`),
  });
}

/** The engine that runs; when it is not the one that most machines can have, one line why. */
function sayEngine({ name, device, versions, passedOver }: EngineFacts, settings: BenchSettings, view: ProgressView): void {
  const missing = passedOver.find((one) => one.name === 'native');
  if (settings.engine === 'auto' && missing) view.note(`The native engine is not available: ${missing.reason} ${missing.remedy}`);
  view.note(`Engine: ${name} on ${device} (${Object.entries(versions).map((pair) => pair.join(' ')).join(', ')})`);
}

type Budget = Pick<RunConfig, 'steps' | 'calibration'>;

/** The steps that were asked for; the suite's own are scaled to the wasm engine by a short calibration. */
async function decideBudget({ settings, executor, view }: BenchOptions, engine: EngineFacts, place: (steps: number) => CellJob[]): Promise<Budget> {
  if (settings.steps !== null) return { steps: settings.steps, calibration: null };
  const suite = findSuite(settings.suite);
  if (engine.name !== 'wasm' || suite.wasmSeconds === undefined) return { steps: suite.steps, calibration: null };
  view.status('Timing a few steps on the wasm engine ...');
  const jobs = place(suite.steps);
  const calibration: Calibration = await executor.calibrate(jobs[0] as CellJob);
  const { validationSamples, testSamples } = settings;
  // Of the validation split per evaluation; of the test split: last and best, and as real images the references, the floor and two rungs.
  const samples = (suite.evaluations + 2) * validationSamples + 6 * testSamples;
  const asked = { cells: jobs.length, steps: suite.steps, samples, seconds: suite.wasmSeconds };
  const steps = scaleSteps(asked, calibration);
  const time = (each: number): string => `${count(each)} steps (about ${duration(estimateSeconds({ ...asked, steps: each }, calibration))})`;
  view.note(
    `A step takes ${(1000 * calibration.secondsPerStep).toFixed(0)} ms on wasm. Asked: ${time(suite.steps)} for all cells; ` +
      `${steps < suite.steps ? `scaled to ${time(steps)}` : 'that fits'}. To have another number: --steps.`,
  );
  return { steps, calibration };
}

/** The result that is there, or that of running the cell. */
async function cellOnce(job: CellJob, position: { number: number; of: number }, options: BenchOptions): Promise<CellResult> {
  const { run, view, interrupt, executor, resumeCommand, retryFailed = false } = options;
  const howToGoOn = `To go on: ${resumeCommand} --resume ${run.path}`;
  interrupt.check(howToGoOn);
  const there = await run.readResult(job.id);
  if (there && !(retryFailed && there.status === 'failed')) return there;
  view.begin(job.identity, position);
  const outcome = await executor.run(job, { signal: interrupt.signal, onEvent: (event) => view.update(event) });
  if (outcome.status === 'refused') {
    view.end(undefined);
    throw new GanzooError(outcome.failure.reason, { remedy: outcome.failure.remedy });
  }
  if (outcome.status === 'stopped') {
    view.end(undefined);
    interrupt.check(`After step ${outcome.step} of ${cellTitle(job.identity)}, with a checkpoint. ${howToGoOn}`);
  }
  const result = outcome.status === 'finished' ? outcome.result : await describeFailedCell(job, (outcome as Extract<CellOutcome, { status: 'failed' }>).failure);
  await run.writeResult(result);
  view.end(result);
  return result;
}
