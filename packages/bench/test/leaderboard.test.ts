import { describe, expect, it } from 'vitest';
import type { Score } from '@ganzoo/core';
import type { CellResult } from '../src/cell/result.js';
import { furtherScores, leaderboards } from '../src/leaderboard.js';
import { leaderboardText } from '../src/leaderboard-text.js';
import { failed, finished } from './fixtures.js';

const plain = (text: string): string => text;
const colors = { bold: plain, dim: plain, red: plain, green: plain, yellow: plain, cyan: plain };
const FID = 'fid-glyphs-lenet64';

describe('a leaderboard', () => {
  const three = [finished(10, 20, { seed: 0 }), finished(12, 26, { seed: 1 }), finished(17, 23, { seed: 2 })];

  it('has mean and standard deviation (ddof 1) over seeds, of the best and of the last checkpoint', () => {
    const [board] = leaderboards(three);
    const [row] = board?.variants ?? [];
    // 10, 12, 17: mean 13, deviations -3, -1, 4, variance (9 + 1 + 16) / 2 = 13. 20, 26, 23: mean 23, variance (9 + 9 + 0) / 2 = 9.
    expect(row?.best[FID]).toEqual({ mean: 13, sd: Math.sqrt(13), count: 3 });
    expect(row?.last[FID]).toEqual({ mean: 23, sd: 3, count: 3 });
  });

  it('has no spread for a single seed', () => {
    expect(leaderboards([finished(10, 20)])[0]?.variants[0]?.best[FID]).toEqual({ mean: 10, count: 1 });
  });

  it('ranks variants by the best checkpoint, and those without a score last', () => {
    const board = leaderboards([...three, failed('NaN', { variant: 'broken' }), finished(5, 50, { variant: 'better' })])[0];
    expect(board?.variants.map(({ name }) => name)).toEqual(['better', 'dcgan', 'broken']);
  });

  it('keeps failed cells in sight, and out of the means', () => {
    const [board] = leaderboards([...three, failed('generator.total became NaN in step 7.', { seed: 3 })]);
    expect(board?.variants[0]).toMatchObject({ finished: 3, failed: [{ seed: 3, reason: 'generator.total became NaN in step 7.' }] });
    const text = leaderboardText(board as NonNullable<typeof board>, colors);
    expect(text).toContain('3 (1 failed)');
    expect(text).toContain('dcgan, seed 3 failed: generator.total became NaN in step 7.');
  });

  it('has rows for the floor and for the noise', () => {
    const rows = leaderboards(three)[0]?.yardsticks.map(({ name, values }) => [name, values[FID]?.mean]);
    expect(rows).toEqual([
      ['floor', 1],
      ['noise .25', 130],
    ]);
  });

  it('does not mix cells of different configs, data sets or protocols', () => {
    const other = finished(11, 11, { config: { latentDim: 64, batchSize: 64 } });
    expect(leaderboards([...three, other])[0]?.variants.map(({ name, finished }) => [name, finished])).toEqual([
      ['dcgan (2)', 1],
      ['dcgan (1)', 3],
    ]);
    expect(leaderboards([...three, finished(1, 1, { data: { name: 'mnist', shape: [28, 28, 1] } })])).toHaveLength(2);
  });

  it('ranks by which way its first score is better', () => {
    const modes = (value: number, variant: string): CellResult => {
      const scores: Score[] = [{ name: 'modes', value, better: 'higher', samples: { real: 0, generated: 2500 }, split: 'test' }];
      return finished(0, 0, { variant, best: { step: 1, scores }, last: { step: 1, scores } });
    };
    const board = leaderboards([modes(5, 'five'), modes(8, 'eight'), modes(6, 'six')])[0];
    expect(board?.variants.map(({ name }) => name)).toEqual(['eight', 'six', 'five']);
    expect(leaderboardText(board as NonNullable<typeof board>, colors)).toContain('modes ↑ best');
  });

  it('keeps what only some variants are scored by out of the columns, and shows it beside its yardsticks', () => {
    const accuracy = (value: number): Score => ({ name: '1nn-accuracy', value, better: 'higher', samples: { real: 100, generated: 100 }, split: 'test' });
    const plainCell = finished(10, 20);
    const { best, last } = plainCell;
    const encoding = {
      variant: 'bigan',
      best: { step: 60, scores: [...(best?.scores ?? []), accuracy(0.97)] },
      last: { step: 300, scores: [...(last?.scores ?? []), accuracy(0.96)] },
      rungs: [{ name: 'untrained encoder', scores: [accuracy(0.9)] }],
    };
    const board = leaderboards([plainCell, finished(0, 0, encoding)])[0] as ReturnType<typeof leaderboards>[number];
    expect(board.scoreNames).toEqual([FID]);
    expect(furtherScores(board)).toMatchObject([{ variant: 'bigan', score: '1nn-accuracy', better: 'higher', best: { mean: 0.97 }, last: { mean: 0.96 }, yardsticks: [{ name: 'untrained encoder', value: { mean: 0.9 } }] }]);
    const text = leaderboardText(board, colors);
    expect(text).toContain('bigan: 1nn-accuracy ↑ best 0.97, last 0.96 (untrained encoder 0.9)');
    expect(text).not.toMatch(/^untrained encoder/m);
  });

  it('prints the digits that the spread leaves meaningful', () => {
    const text = leaderboardText(leaderboards(three)[0] as ReturnType<typeof leaderboards>[number], colors);
    expect(text).toMatch(/dcgan\s+13\.0 ± 3\.6\s+23\.0 ± 3\.0\s+3\s+300\s+320/);
    expect(text).toMatch(/floor\s+1\n/);
    expect(text).toMatch(/noise \.25\s+130\n/);
  });
});
