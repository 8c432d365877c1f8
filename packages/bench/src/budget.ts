/** What a short calibration on an engine measured. */
export interface Calibration {
  /** One generator step. */
  readonly secondsPerStep: number;
  /** Generating one image and extracting its features. */
  readonly secondsPerSample: number;
}

export interface AskedBudget {
  readonly cells: number;
  /** Generator steps of one cell. */
  readonly steps: number;
  /** Images that one cell generates or reads for its scores, over the whole run. */
  readonly samples: number;
  /** Seconds that all cells together may take. */
  readonly seconds: number;
}

/** No cell gets fewer steps than this: below it there is nothing to compare. */
const FEWEST_STEPS = 20;

/** Seconds that all cells together will take. */
export function estimateSeconds({ cells, steps, samples }: Omit<AskedBudget, 'seconds'>, { secondsPerStep, secondsPerSample }: Calibration): number {
  return cells * (steps * secondsPerStep + samples * secondsPerSample);
}

/**
 * The most steps, in tens and at most as many as were asked for, with which all cells together stay within the seconds.
 * The samples are not scaled: fewer of them would change what the scores mean.
 */
export function scaleSteps(asked: AskedBudget, calibration: Calibration): number {
  const forTraining = asked.seconds / asked.cells - asked.samples * calibration.secondsPerSample;
  const fitting = Math.floor(forTraining / calibration.secondsPerStep / 10) * 10;
  return Math.min(asked.steps, Math.max(FEWEST_STEPS, fitting));
}
