export interface LearningRateSchedule {
  readonly learningRate: number;
  readonly constantSteps: number;
  readonly decaySteps: number;
}

/**
 * The learning rate of a step, counted from 0: constant, then linearly to zero (appendix 7.1), by the formula of the
 * authors' code, lr (1 - max(0, step + 1 - constant) / (decay + 1)): the last step of the decay still moves a little.
 */
export function learningRateAt(step: number, { learningRate, constantSteps, decaySteps }: LearningRateSchedule): number {
  return learningRate * Math.max(0, 1 - Math.max(0, step + 1 - constantSteps) / (decaySteps + 1));
}
