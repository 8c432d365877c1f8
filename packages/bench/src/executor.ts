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
 * Every cell in a process of its own: one that dies is a failed cell, and the others go on. On a processor the first cell gets the process that
 * described the engine, which has it loaded; on GPUs that process ends, because it holds memory of one.
 */
export function childExecutor(debug: boolean): Executor {
  let described: { readonly child: Child; readonly threads: number | undefined } | undefined;
  /** The process that described the engine, once, if it has the threads that the job asks for; another otherwise. */
  const childFor = ({ threads, deviceIndex }: CellJob): Child => {
    const { child, threads: has } = described ?? {};
    described = undefined;
    if (child?.alive === true && has === threads && deviceIndex === undefined) {
      child.hold(true);
      return child;
    }
    child?.end();
    return new Child(debug);
  };
  return {
    manyCells: true,
    async engine(engine, threads) {
      described?.child.end();
      described = undefined;
      const child = new Child(debug);
      try {
        const facts = await child.perform({ task: 'engine', engine, threads });
        if (facts.gpus === undefined) described = { child, threads };
        return facts;
      } finally {
        if (described?.child === child) child.hold(false);
        else child.end();
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
