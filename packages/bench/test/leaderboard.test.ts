import { describe, expect, it } from 'vitest';
import { leaderboards } from '../src/leaderboard.js';
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

  it('prints the digits that the spread leaves meaningful', () => {
    const text = leaderboardText(leaderboards(three)[0] as ReturnType<typeof leaderboards>[number], colors);
    expect(text).toMatch(/dcgan\s+13\.0 ± 3\.6\s+23\.0 ± 3\.0\s+3\s+300\s+320/);
    expect(text).toMatch(/floor\s+1\n/);
    expect(text).toMatch(/noise \.25\s+130\n/);
  });
});
