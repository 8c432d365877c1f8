import { count, spreadText } from '../format.js';
import { furtherScores, type Leaderboard, type VariantRow } from '../leaderboard.js';
import { explanation, title } from '../leaderboard-text.js';
import { escape } from './escape.js';
import { scoreScale } from './scale.js';
import { htmlTable } from './table.js';

/** The ranking on one data set: where the scores lie on a scale, then the numbers. */
export function leaderboardHtml(board: Leaderboard): string {
  const { scoreNames, samples, split, variants, yardsticks } = board;
  const arrowStays = (text: string): string => text.replace(/ (?=[↑↓])/, '&nbsp;'); // on its word's line
  const header = ['', ...scoreNames.flatMap((name) => [`${arrowStays(escape(title(name, board)))}<br>best`, 'last']), 'seeds', 'steps', 'images shown', 'images/s'];
  const shown = yardsticks.filter(({ values }) => scoreNames.some((name) => values[name] !== undefined));
  const rows = [
    ...variants.map((row) => ({
      className: 'variant',
      cells: [
        escape(row.name),
        ...scoreNames.flatMap((name) => [spreadText(row.best[name]), spreadText(row.last[name])]),
        seeds(row),
        count(row.steps),
        row.imagesShown ? count(row.imagesShown.mean) : '-',
        row.imagesPerSecond ? count(row.imagesPerSecond.mean) : '-',
      ],
    })),
    ...shown.map(({ name, values }) => ({ className: 'yardstick', cells: [escape(name), ...scoreNames.flatMap((score) => [spreadText(values[score]), '']), '', '', '', ''] })),
  ];
  const failures = variants.flatMap(({ name, failed }) => failed.map(({ seed, reason }) => `<p class="bad">${escape(name)}, seed ${seed} failed: ${escape(reason)}</p>`));
  return `<div class="panel">${scoreScale(board)}${htmlTable(header, rows)}</div>${furtherHtml(board)}${failures.join('')}
<p class="faint">${escape(explanation(board))} Mean ± standard deviation over seeds on the ${split} split: ${count(samples.generated)} generated against ${count(samples.real)} real samples.</p>`;
}

/** Scores that only some variants have. */
function furtherHtml(board: Leaderboard): string {
  const rows = furtherScores(board).map(({ variant, score, best, last, yardsticks }) => ({
    cells: [escape(variant), escape(title(score, board)), spreadText(best), spreadText(last), yardsticks.map(({ name, value }) => `${escape(name)} ${spreadText(value)}`).join(', ')],
  }));
  return rows.length === 0 ? '' : `<div class="panel">${htmlTable(['', 'further score', 'best', 'last', 'to compare with'], rows)}</div>`;
}

function seeds({ finished, failed }: VariantRow): string {
  return failed.length === 0 ? String(finished) : `${finished} <span class="bad">(${failed.length} failed)</span>`;
}
