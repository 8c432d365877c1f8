import type { EngineName } from '@ganzoo/core';
import { loadEngine } from '@ganzoo/engine';
import type { Calibration } from './budget.js';
import { calibrate } from './calibrate.js';
import type { CellOutcome } from './cell/events.js';
import type { CellJob } from './cell/job.js';
import { runCell, type RunCellOptions } from './cell/run.js';
import type { EngineFacts } from './child.js';
import { ChildDiedError, inChild } from './child-process.js';

/** Where cells are run. */
export interface Executor {
  /** @throws {EngineError} when it cannot run here. */
  engine(name: EngineName | 'auto'): Promise<EngineFacts>;
  calibrate(job: CellJob): Promise<Calibration>;
  run(job: CellJob, options: RunCellOptions): Promise<CellOutcome>;
}

/** Every cell in a process of its own: one that dies is a failed cell, and the others go on. */
export function childExecutor(debug: boolean): Executor {
  return {
    engine: (engine) => inChild({ task: 'engine', engine }, { debug }),
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
  async engine(asked) {
    const { name, device, versions, passedOver } = await loadEngine(asked);
    return { name, device, versions, passedOver };
  },
  calibrate,
  run: runCell,
};
