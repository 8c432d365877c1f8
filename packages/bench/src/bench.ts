import { GanzooError, UsageError } from '@ganzoo/core';
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
import { jobsFor, sideBySide, threadsOf } from './jobs.js';
import { dataTitle } from './leaderboard.js';
import { placeCell, type Plan, planCells, type PlannedCell } from './plan.js';
import type { ProgressView } from './progress/index.js';
import { checkSameCells, checkSettings, type RunConfig, type RunFolder } from './run-folder.js';
import { type BenchSettings, describePreset, describeSettings } from './settings.js';
import { findSuite } from './suite.js';

export interface BenchOptions {
  readonly settings: BenchSettings;
  readonly run: RunFolder;
  readonly dataDir?: string | undefined;
  readonly retryFailed?: boolean | undefined;
  /** Cells at the same time, where a begun run is to go on with another number of them: fewer on a GPU whose memory was used up. Each keeps its threads. Default: as it was begun. */
  readonly jobs?: number | undefined;
  /** Where the work is done. */
  readonly executor: Executor;
  /** How the user goes on with a stopped run. */
  readonly resumeCommand: string;
  readonly view: ProgressView;
  readonly interrupt: Interrupt;
}

/**
 * Trains and scores every cell that has no result yet, as many at a time as the machine can.
 * @returns the results of all cells of the bench.
 * @throws {RunFolderError} when the folder belongs to another bench; nothing in it is changed.
 * @throws {Interrupted} when the user stops it; run again, it goes on.
 */
export async function runBench(options: BenchOptions): Promise<CellResult[]> {
  const { run, view, settings, executor, interrupt } = options;
  const begun = await run.readConfig();
  if (begun) checkSettings(run.path, begun.settings, settings);
  const planned = await plan(options);
  if (planned.cells.length > 1 && !executor.manyCells) {
    throw new UsageError(`The run in '${run.path}' has ${planned.cells.length} cells; this command trains one.`, { remedy: 'Name one data set, or use ganzoo bench.' });
  }
  interrupt.check('Nothing was begun.');
  describePlan(planned, options);
  return run.locked(
    () => runLocked(options, planned.cells),
    () => view.note(`Another ganzoo works in ${run.path}: waiting for it to end.`),
  );
}

function describePlan({ cells, leftOut }: Plan, { settings, view }: BenchOptions): void {
  view.note(describeSettings(settings));
  for (const variant of new Set(cells.map((cell) => cell.variant))) {
    const own = describePreset(variant, settings);
    if (own !== undefined) view.note(own);
  }
  for (const reason of leftOut) view.note(reason);
}

async function runLocked(options: BenchOptions, planned: readonly PlannedCell[]): Promise<CellResult[]> {
  const { run, settings, view, dataDir, executor, interrupt } = options;
  const begun = await run.readConfig(); // again: another process may have written it before the lock came
  view.status('Starting the engine ...');
  const whole = await executor.engine(settings.engine);
  interrupt.check('Nothing was begun.');
  const jobsOf = (asked: number | null): number => jobsFor({ asked, engine: whole, cells: planned.length });
  const atOnce = options.jobs === undefined ? (begun?.jobs ?? jobsOf(settings.jobs)) : jobsOf(options.jobs);
  const threads = threadsOf(begun?.jobs ?? atOnce, planned.map(({ data }) => data));
  const engine = threads === undefined ? whole : { ...whole, device: (await executor.engine(whole.name, threads)).device };
  sayEngine(engine, settings, view);
  const place = (cell: PlannedCell): CellJob => placeCell(cell, { settings, engine, cells: run.cells, dataDir, threads });
  const { budgets, calibrations } = begun ?? (await decideBudgets(options, engine, { planned, atOnce, place }));
  const jobs = planned.map((cell) => place({ ...cell, steps: budgets[budgetKey(cell)] ?? cell.steps }));
  const cells = jobs.map(({ id }) => id);
  if (begun) checkSameCells(run.path, begun, engine, cells);
  else await run.writeConfig({ format: 'ganzoo-run', version: 1, settings, dataDir: dataDir ?? null, engine, jobs: atOnce, budgets, calibrations, cells });
  view.note(`${jobs.length} ${jobs.length === 1 ? 'cell' : 'cells'}${atOnce === 1 ? '' : `, ${atOnce} at a time`}; results go to ${run.path}`);
  const { gpus = [] } = engine;
  return sideBySide(atOnce, jobs, (job, i, lane) => cellOnce({ ...job, deviceIndex: gpus[lane % gpus.length] }, { number: i + 1, of: jobs.length }, options));
}

async function plan({ settings, dataDir, view }: BenchOptions): Promise<Plan> {
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

type Budgets = Pick<RunConfig, 'budgets' | 'calibrations'>;

interface Cells {
  readonly planned: readonly PlannedCell[];
  /** That run at the same time. */
  readonly atOnce: number;
  readonly place: (cell: PlannedCell) => CellJob;
}

/** Cells that differ in their seed have one budget. */
function budgetKey({ variant, data }: PlannedCell): string {
  return `${variant.name} on ${dataTitle(data)}`;
}

/** The steps of the plan; where they are the suite's own, the wasm engine's are scaled to its speed by a short calibration of each variant. */
async function decideBudgets({ settings, executor, view, interrupt }: BenchOptions, engine: EngineFacts, { planned, atOnce, place }: Cells): Promise<Budgets> {
  const kinds = [...new Map(planned.map((cell) => [budgetKey(cell), cell])).entries()];
  const budgets = Object.fromEntries(kinds.map(([key, { steps }]) => [key, steps]));
  const suite = findSuite(settings.suite);
  if (settings.steps !== null || engine.name !== 'wasm' || suite.wasmSeconds === undefined) return { budgets, calibrations: null };
  const calibrations: Record<string, Calibration> = {};
  // Of the validation split per evaluation; of the test split last and best.
  const scores = suite.evaluations + (2 * settings.testSamples) / settings.validationSamples;
  for (const [key, cell] of kinds) {
    view.status(`Timing a few steps of ${key} on the wasm engine ...`);
    const calibration = await executor.calibrate(place(cell));
    interrupt.check('Nothing was begun.');
    const asked = { steps: cell.steps, scores, seconds: (suite.wasmSeconds * atOnce) / planned.length };
    const steps = scaleSteps(asked, calibration);
    budgets[key] = steps;
    calibrations[key] = calibration;
    const time = (each: number): string => `${count(each)} steps (about ${duration(estimateSeconds({ scores, steps: each }, calibration))})`;
    view.note(`${key}: a step takes ${(1000 * calibration.secondsPerStep).toFixed(0)} ms on wasm. Asked: ${time(cell.steps)}; ${steps < cell.steps ? `scaled to ${time(steps)}` : 'that fits'}.`);
  }
  view.note('To have another number of steps: --steps.');
  return { budgets, calibrations };
}

/** The result that is there, or that of running the cell. */
async function cellOnce(job: CellJob, position: { number: number; of: number }, options: BenchOptions): Promise<CellResult> {
  const { run, view, interrupt, executor, resumeCommand, retryFailed = false } = options;
  const howToGoOn = `To go on: ${resumeCommand} --resume ${run.path}`;
  interrupt.check(howToGoOn);
  const there = await run.readResult(job.id);
  if (there && !(retryFailed && there.status === 'failed')) return there;
  const cell = view.begin(job.identity, position);
  const outcome = await executor.run(job, { signal: interrupt.signal, onEvent: (event) => cell.update(event) });
  if (outcome.status === 'refused') {
    cell.end(undefined);
    throw new GanzooError(outcome.failure.reason, { remedy: outcome.failure.remedy });
  }
  if (outcome.status === 'stopped') {
    cell.end(undefined);
    view.note(`${cellTitle(job.identity)} stopped after step ${outcome.step}, with a checkpoint.`);
    interrupt.check(howToGoOn);
  }
  const result = outcome.status === 'finished' ? outcome.result : await describeFailedCell(job, (outcome as Extract<CellOutcome, { status: 'failed' }>).failure);
  await run.writeResult(result);
  cell.end(result);
  return result;
}
