import type { EngineName } from '@ganzoo/core';
import { loadEngine } from '@ganzoo/engine';
import type { Calibration } from './budget.js';
import { calibrate } from './calibrate.js';
import type { CellOutcome } from './cell/events.js';
import type { CellJob } from './cell/job.js';
import { runCell, type RunCellOptions } from './cell/run.js';
import { type EngineFacts, engineFacts } from './engine-facts.js';
import { Child, ChildDiedError, inChild } from './child-process.js';

/** Where cells are run. */
export interface Executor {
  /** Whether it can run more than one cell. */
  readonly manyCells: boolean;
  /** @throws {EngineError} when it cannot run here. */
  engine(name: EngineName | 'auto', threads?: number): Promise<EngineFacts>;
  calibrate(job: CellJob): Promise<Calibration>;
  run(job: CellJob, options: Omit<RunCellOptions, 'engine'>): Promise<CellOutcome>;
}

/**
 * Every cell in a process of its own: one that dies is a failed cell, and the others go on. The first cell gets the process that described
 * the engine, which has it loaded.
 */
export function childExecutor(debug: boolean): Executor {
  let described: { readonly child: Child; readonly threads: number | undefined } | undefined;
  /** A process with the threads and the GPU that the job asks for. */
  const childFor = ({ threads, deviceIndex }: CellJob): Child => {
    const { child, threads: has } = described ?? {};
    if (child?.alive !== true || has !== threads || deviceIndex !== undefined) return new Child(debug);
    described = undefined;
    child.hold(true);
    return child;
  };
  return {
    manyCells: true,
    async engine(engine, threads) {
      described?.child.end();
      const child = new Child(debug);
      described = { child, threads };
      try {
        return await child.perform({ task: 'engine', engine, threads });
      } catch (error) {
        child.end();
        throw error;
      } finally {
        child.hold(false);
      }
    },
    calibrate: (job) => inChild({ task: 'calibrate', job }, { debug }),
    async run(job, { onEvent, signal }) {
      const child = childFor(job);
      try {
        return await child.perform({ task: 'cell', job }, { signal, onEvent });
      } catch (error) {
        if (!(error instanceof ChildDiedError)) throw error;
        return { status: 'failed', failure: { reason: error.message, remedy: error.remedy } };
      } finally {
        child.end();
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
