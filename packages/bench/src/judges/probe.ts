import type { Score, Trainer } from '@ganzoo/core';
import type { EvaluationPlan } from '../cell/identity.js';
import type { LoadedCell } from '../cell/job.js';
import type { Rung } from '../cell/result.js';
import type { Judge } from './judge.js';

/** Scores that only some models have, on the test split, behind those of the judge: an encoder's, a conditional generator's. */
export interface Probe {
  score(trainer: Trainer): Promise<Score[]>;
  /** What its scores are read against: an untrained encoder, a random pair. */
  rungs(): Promise<Rung[]>;
}

/** Makes a probe for a cell's model, or none where it does not apply. */
export type MakeProbe = (cell: LoadedCell, plan: EvaluationPlan) => Probe | undefined;

/** A judge that adds what the probes find. */
export function withProbes(judge: Judge, probes: readonly Probe[]): Judge {
  if (probes.length === 0) return judge;
  return {
    extractor: judge.extractor,
    async score(trainer, split) {
      const scores = await judge.score(trainer, split);
      if (split === 'test') for (const probe of probes) scores.push(...(await probe.score(trainer)));
      return scores;
    },
    async rungs() {
      const rungs = await judge.rungs();
      for (const probe of probes) rungs.push(...(await probe.rungs()));
      return rungs;
    },
    draw: (trainer) => judge.draw(trainer),
    drawReal: () => judge.drawReal(),
    dispose: () => judge.dispose(),
  };
}
