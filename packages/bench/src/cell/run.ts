import { CheckpointError, type Engine, GanzooError } from '@ganzoo/core';
import { Checkpoints } from './checkpoints.js';
import { createJudge, type Judge } from '../judges/index.js';
import type { CellEvent, CellOutcome } from './events.js';
import { CellFolder } from './folder.js';
import { drawReal, drawSamples } from './pictures.js';
import { type CellJob, loadCell, type LoadedCell } from './job.js';
import { Journal } from './journal.js';
import type { Failure } from './result.js';
import { describeCell, type TestScores } from './summary.js';
import { train } from './train.js';

export interface RunCellOptions {
  /** That runs in this process. */
  readonly engine: Engine;
  readonly onEvent: (event: CellEvent) => void;
  /** Stops after the step under way, with a checkpoint. */
  readonly signal: AbortSignal;
}

/** What the parts of a running cell share. */
export interface RunningCell extends LoadedCell {
  readonly job: CellJob;
  readonly folder: CellFolder;
  readonly journal: Journal;
  readonly checkpoints: Checkpoints;
  readonly judge: Judge;
}

/**
 * Trains and scores one cell on the engine that runs, from its last checkpoint if it has one. What goes wrong is an
 * outcome, not an exception.
 */
export async function runCell(job: CellJob, options: RunCellOptions): Promise<CellOutcome> {
  options.onEvent({ type: 'phase', phase: 'loading' });
  let cell: RunningCell;
  try {
    cell = await openCell(job, options.engine);
  } catch (error) {
    return { status: error instanceof CheckpointError ? 'refused' : 'failed', failure: failureOf(error) };
  }
  try {
    return await runOpened(cell, options);
  } catch (error) {
    await cell.journal.save();
    return { status: 'failed', failure: failureOf(error) };
  } finally {
    cell.judge.dispose();
    cell.trainer.dispose();
  }
}

/** What a reader is told of an error. */
function failureOf(error: unknown): Failure {
  const stack = error instanceof Error && error.stack ? { stack: error.stack } : {};
  if (error instanceof GanzooError) return { reason: error.message, remedy: error.remedy, ...stack };
  const [reason = 'unknown'] = String(error).split('\n');
  return { reason, remedy: 'Run again with --debug for the stack trace.', ...stack };
}

/** @throws {CheckpointError} when the cell has a checkpoint that cannot be trusted. */
async function openCell(job: CellJob, engine: Engine): Promise<RunningCell> {
  const folder = new CellFolder(job.cells, job.id);
  const loaded = await loadCell(job, engine);
  const { budget } = job.identity;
  const resumes = folder.hasCheckpoint;
  if (resumes) await Checkpoints.restoreLast(folder, loaded.trainer);
  const journal = resumes ? await Journal.resume(folder.journal, budget, loaded.trainer.step) : Journal.create(folder.journal, budget);
  const judge = await createJudge(loaded, job.identity.evaluation, { features: folder.features, float64: engine.float64 });
  return { ...loaded, job, folder, journal, checkpoints: new Checkpoints(folder, journal), judge };
}

async function runOpened(cell: RunningCell, options: RunCellOptions): Promise<CellOutcome> {
  const { job, trainer, journal, checkpoints } = cell;
  if (trainer.step > 0) {
    options.onEvent({ type: 'resumed', step: trainer.step });
  } else {
    await drawReal(cell);
    await drawSamples(cell);
  }
  await train(cell, options);
  if (trainer.step < job.identity.budget) return { status: 'stopped', step: trainer.step };
  const weightsSha256 = await checkpoints.save(trainer);
  options.onEvent({ type: 'phase', phase: 'testing' });
  const tests = await journal.evaluating(() => scoreOnTestSplit(cell));
  await journal.save();
  return { status: 'finished', result: describeCell(job, journal, { status: 'finished', weightsSha256, untraced: trainer.untraced, ...tests }) };
}

/** The last checkpoint, then the best one, then the yardsticks. Leaves the trainer at the best checkpoint. */
async function scoreOnTestSplit({ trainer, journal, checkpoints, judge }: RunningCell): Promise<TestScores> {
  const last = { step: trainer.step, scores: await judge.score(trainer, 'test') };
  let best = last;
  if (journal.best && journal.best.step !== last.step) {
    await checkpoints.restoreBest(trainer);
    best = { step: trainer.step, scores: await judge.score(trainer, 'test') };
  }
  return { last, best, rungs: await judge.rungs(), extractor: judge.extractor };
}
