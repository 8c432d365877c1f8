import { type EngineName, GanzooError } from '@ganzoo/core';
import { loadEngine } from '@ganzoo/engine';
import type { Calibration } from './budget.js';
import { calibrate } from './calibrate.js';
import type { CellEvent, CellOutcome } from './cell/events.js';
import type { CellJob } from './cell/job.js';
import { runCell } from './cell/run.js';
import { type EngineFacts, engineFacts } from './engine-facts.js';
import { measurePerformance, type Performance } from './perf/measure.js';

/** What a process with an engine of its own can be asked to do. */
export type ChildTask =
  | { readonly task: 'engine'; readonly engine: EngineName | 'auto'; readonly threads?: number | undefined }
  | { readonly task: 'calibrate'; readonly job: CellJob }
  | { readonly task: 'cell'; readonly job: CellJob }
  | { readonly task: 'perf'; readonly job: CellJob; readonly steps: number };

export interface ChildAnswers {
  readonly engine: EngineFacts;
  readonly calibrate: Calibration;
  readonly cell: CellOutcome;
  readonly perf: Performance;
}

/** Lines from the child to the bench. */
export type FromChild =
  | { readonly type: 'event'; readonly event: CellEvent }
  | { readonly type: 'answer'; readonly answer: ChildAnswers[keyof ChildAnswers] }
  | { readonly type: 'error'; readonly message: string; readonly remedy: string; readonly exitCode: 1 | 2; readonly stack: string | undefined };

/** And back: a task, later perhaps the wish to stop, and when it is answered perhaps another one. */
export type ToChild = ChildTask | { readonly task: 'stop' };

const stop = new AbortController();

function send(message: FromChild): void {
  if (process.connected) process.send?.(message);
}

async function perform(task: ChildTask): Promise<ChildAnswers[keyof ChildAnswers]> {
  const { name, threads, deviceIndex } = task.task === 'engine' ? { name: task.engine, threads: task.threads } : { name: task.job.identity.engine, ...task.job };
  const engine = await loadEngine(name, { threads, deviceIndex });
  if (task.task === 'engine') return engineFacts(engine);
  if (task.task === 'calibrate') return calibrate(task.job, engine);
  if (task.task === 'perf') return measurePerformance(task.job, engine, task.steps);
  return runCell(task.job, { engine, signal: stop.signal, onEvent: (event) => send({ type: 'event', event }) });
}

async function respond(task: ChildTask): Promise<void> {
  try {
    send({ type: 'answer', answer: await perform(task) });
  } catch (error) {
    const { message, stack } = error as Error;
    const known = error instanceof GanzooError;
    const remedy = known ? error.remedy : 'This is an error of ganzoo: please report it with the output of --debug.';
    send({ type: 'error', message, remedy, exitCode: known ? error.exitCode : 1, stack });
  }
}

process.on('message', (message: ToChild) => {
  if (message.task === 'stop') stop.abort();
  else void respond(message);
});
// Nobody has another task, or is left to hear an answer. Files are replaced whole, so this is safe at any moment.
process.on('disconnect', () => process.exit());
// Ctrl-C reaches the whole group; the bench decides, and says 'stop'.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
