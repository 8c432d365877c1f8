import type { EngineName } from '@ganzoo/core';
import { loadEngine } from '@ganzoo/engine';
import type { Calibration } from './budget.js';
import { calibrate } from './calibrate.js';
import type { CellOutcome } from './cell/events.js';
import type { CellJob } from './cell/job.js';
import { runCell, type RunCellOptions } from './cell/run.js';
import { type EngineFacts, engineFacts } from './engine-facts.js';
import { ChildDiedError, inChild } from './child-process.js';

/** Where cells are run. */
export interface Executor {
  /** Whether it can run more than one cell. */
  readonly manyCells: boolean;
  /** @throws {EngineError} when it cannot run here. */
  engine(name: EngineName | 'auto', threads?: number): Promise<EngineFacts>;
  calibrate(job: CellJob): Promise<Calibration>;
  run(job: CellJob, options: Omit<RunCellOptions, 'engine'>): Promise<CellOutcome>;
}

/** Every cell in a process of its own: one that dies is a failed cell, and the others go on. */
export function childExecutor(debug: boolean): Executor {
  return {
    manyCells: true,
    engine: (engine, threads) => inChild({ task: 'engine', engine, threads }, { debug }),
    calibrate: (job) => inChild({ task: 'calibrate', job }, { debug }),
    async run(job, { onEvent, signal }) {
      try {
        return await inChild({ task: 'cell', job }, { debug, signal, onEvent });
      } catch (error) {
        if (!(error instanceof ChildDiedError)) throw error;
        return { status: 'failed', failure: { reason: error.message, remedy: error.remedy } };
      }
    },
  };
}

/** In this process, which then has one engine and is good for one run. */
export const localExecutor: Executor = {
  manyCells: false,
  engine: async (name) => engineFacts(await loadEngine(name)),
  calibrate: async (job) => calibrate(job, await loadEngine(job.identity.engine)),
  run: async (job, options) => runCell(job, { ...options, engine: await loadEngine(job.identity.engine) }),
};
