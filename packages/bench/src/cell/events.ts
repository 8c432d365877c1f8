import type { Score } from '@ganzoo/core';
import type { CellResult, Failure } from './result.js';

/** What a cell says while it runs. Plain data: it crosses from the cell's process to the bench as a line of JSON. */
export type CellEvent =
  | { readonly type: 'phase'; readonly phase: CellPhase }
  | { readonly type: 'resumed'; readonly step: number }
  | StepReport
  | { readonly type: 'score'; readonly step: number; readonly score: Score; readonly best: boolean };

export type CellPhase = 'loading' | 'training' | 'evaluating' | 'testing';

export interface StepReport {
  readonly type: 'step';
  readonly step: number;
  readonly steps: number;
  readonly losses: Readonly<Record<string, number>>;
  readonly imagesPerSecond: number;
  /** Until the last step, as fast as the last steps were. */
  readonly secondsLeft: number;
}

/** How a cell ended. */
export type CellOutcome =
  | { readonly status: 'finished'; readonly result: CellResult }
  /** By a signal, after a checkpoint. */
  | { readonly status: 'stopped'; readonly step: number }
  /** Training or scoring went wrong: a result too. */
  | { readonly status: 'failed'; readonly failure: Failure }
  /** Its checkpoint or journal cannot be trusted: nothing was changed. */
  | { readonly status: 'refused'; readonly failure: Failure };
