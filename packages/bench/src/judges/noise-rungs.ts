import type { Score } from '@ganzoo/core';
import type { Rung } from '../cell/result.js';

/** Yardsticks of noise, by the names that reports show. @param scores of each amount, 0 .. 1 */
export function noiseRungs(amounts: readonly number[], scores: readonly (readonly Score[])[]): Rung[] {
  return amounts.map((amount, i) => ({
    name: amount === 1 ? 'noise alone' : `noise ${String(amount).replace(/^0/, '')}`,
    scores: scores[i] as readonly Score[],
  }));
}
