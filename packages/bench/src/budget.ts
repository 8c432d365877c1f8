/** What a short calibration on an engine measured, for one variant on one data set. */
export interface Calibration {
  /** One generator step. */
  readonly secondsPerStep: number;
  /** One score on the validation split. */
  readonly secondsPerScore: number;
}

export interface AskedBudget {
  /** Generator steps of the cell. */
  readonly steps: number;
  /** Scores of the cell over the whole run, in scores on the validation split. */
  readonly scores: number;
  /** Seconds that the cell may take. */
  readonly seconds: number;
}

/** No cell gets fewer steps than this: below it there is nothing to compare. */
const FEWEST_STEPS = 20;

/** Seconds that a cell will take. */
export function estimateSeconds({ steps, scores }: Omit<AskedBudget, 'seconds'>, { secondsPerStep, secondsPerScore }: Calibration): number {
  return steps * secondsPerStep + scores * secondsPerScore;
}

/**
 * The most steps, in tens and at most as many as were asked for, with which a cell stays within its seconds.
 * The samples of its scores are not scaled: fewer of them would change what the scores mean.
 */
export function scaleSteps(asked: AskedBudget, calibration: Calibration): number {
  const forTraining = asked.seconds - asked.scores * calibration.secondsPerScore;
  const fitting = Math.floor(forTraining / calibration.secondsPerStep / 10) * 10;
  return Math.min(asked.steps, Math.max(FEWEST_STEPS, fitting));
}
