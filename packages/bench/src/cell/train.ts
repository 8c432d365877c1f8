import { setImmediate } from 'node:timers/promises';
import { type Callback, every, type StepEvent } from '@ganzoo/core';
import { drawSamples } from './pictures.js';
import { Pace } from './pace.js';
import type { RunCellOptions, RunningCell } from './run.js';

/** A checkpoint at least this often, in seconds, so that a kill costs little. */
const CHECKPOINT_SECONDS = 60;
/** Grids over the whole run, beside the one before the first step. */
const GRIDS = 10;

/**
 * Trains up to the budget, or to the step in which the signal comes, with a checkpoint at either end.
 * @throws {NonFiniteError} when a loss or a weight does not stay finite.
 */
export async function train(cell: RunningCell, { onEvent, signal }: Pick<RunCellOptions, 'onEvent' | 'signal'>): Promise<void> {
  const { trainer, job, checkpoints } = cell;
  const { budget, evaluation } = job.identity;
  onEvent({ type: 'phase', phase: 'training' });
  await trainer.train({
    steps: budget,
    signal,
    callbacks: [
      recordSteps(cell, onEvent),
      every(Math.max(1, Math.round(budget / GRIDS)), () => drawSamples(cell), budget),
      every(evaluation.every, () => scoreOnValidationSplit(cell, onEvent), budget),
      saveRegularly(cell),
    ],
  });
  if (signal.aborted && trainer.step < budget) await checkpoints.save(trainer);
}

/** The journal, and the progress that a user sees. */
function recordSteps({ journal, job }: RunningCell, onEvent: RunCellOptions['onEvent']): Callback {
  const pace = new Pace();
  const steps = job.identity.budget;
  let shown = journal.imagesShown;
  return {
    async onStep(event) {
      journal.addStep(event);
      pace.add(event.seconds, event.imagesShown - shown);
      shown = event.imagesShown;
      const { step, losses } = event;
      onEvent({ type: 'step', step, steps, losses, imagesPerSecond: pace.imagesPerSecond, secondsLeft: pace.secondsFor(steps - step) });
      await setImmediate(); // the native engine never waits: without this no message would come in or go out
    },
  };
}

/** The best checkpoint is chosen here; the test split is not looked at before the end. */
async function scoreOnValidationSplit(cell: RunningCell, onEvent: RunCellOptions['onEvent']): Promise<void> {
  const { trainer, journal, judge, checkpoints } = cell;
  onEvent({ type: 'phase', phase: 'evaluating' });
  const scores = await journal.evaluating(() => judge.score(trainer, 'validation'));
  journal.addScores({ step: trainer.step, scores });
  await checkpoints.save(trainer);
  const [score] = scores;
  if (score) onEvent({ type: 'score', step: trainer.step, score, best: journal.best?.step === trainer.step });
  onEvent({ type: 'phase', phase: 'training' });
}

function saveRegularly({ checkpoints }: RunningCell): Callback {
  let saved = performance.now();
  return {
    async onStep({ trainer }: StepEvent) {
      if (performance.now() - saved < CHECKPOINT_SECONDS * 1000) return;
      await checkpoints.save(trainer);
      saved = performance.now();
    },
  };
}
