import type { Score } from '@ganzoo/core';

/** A score as something to be made small, whichever way it is better; Infinity for none. */
export function costOf(score: Pick<Score, 'value' | 'better'> | undefined): number {
  if (score === undefined) return Infinity;
  return score.better === 'higher' ? -score.value : score.value;
}
