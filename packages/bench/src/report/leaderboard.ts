import { count, spreadText } from '../format.js';
import type { Leaderboard, VariantRow } from '../leaderboard.js';
import { escape } from './escape.js';
import { scoreScale } from './scale.js';
import { htmlTable } from './table.js';

/** The ranking on one data set: where the scores lie on a scale, then the numbers. */
export function leaderboardHtml(board: Leaderboard): string {
  const { scoreNames, samples, split, variants, yardsticks } = board;
  const header = ['', ...scoreNames.flatMap((name) => [`${escape(name)}<br>best`, 'last']), 'seeds', 'steps', 'images shown', 'images/s'];
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
    ...yardsticks.map(({ name, values }) => ({ className: 'yardstick', cells: [escape(name), ...scoreNames.flatMap((score) => [spreadText(values[score]), '']), '', '', '', ''] })),
  ];
  const failures = variants.flatMap(({ name, failed }) => failed.map(({ seed, reason }) => `<p class="bad">${escape(name)}, seed ${seed} failed: ${escape(reason)}</p>`));
  return `<div class="panel">${scoreScale(board)}${htmlTable(header, rows)}</div>${failures.join('')}
<p class="faint">Mean ± standard deviation over seeds on the ${split} split, lower is better: ${count(samples.generated)} generated against ${count(samples.real)} real images.
<b>best</b>: the checkpoint with the lowest score on the validation split; <b>last</b>: after the last step;
<b>floor</b>: as many real images of the train split, what a perfect generator would get; <b>noise</b>: real test images with that share of Gaussian noise mixed in.</p>`;
}

function seeds({ finished, failed }: VariantRow): string {
  return failed.length === 0 ? String(finished) : `${finished} <span class="bad">(${failed.length} failed)</span>`;
}
