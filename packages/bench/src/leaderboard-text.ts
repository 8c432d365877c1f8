import type { Colors } from './progress/view.js';
import { count, spreadText, table } from './format.js';
import type { Leaderboard, VariantRow } from './leaderboard.js';

/** A leaderboard for the terminal, with one line that explains its columns. */
export function leaderboardText(board: Leaderboard, colors: Colors): string {
  const { data, scoreNames, samples, split, variants, yardsticks } = board;
  const header = ['', ...scoreNames.flatMap((name) => [`${name} best`, 'last']), 'seeds', 'steps', 'images/s'];
  const rows = [
    ...variants.map((row) => [row.name, ...scoreNames.flatMap((name) => [spreadText(row.best[name]), spreadText(row.last[name])]), seeds(row), count(row.steps), row.imagesPerSecond ? count(row.imagesPerSecond.mean) : '-']),
    ...yardsticks.map((row) => [row.name, ...scoreNames.flatMap((name) => [spreadText(row.values[name]), '']), '', '', '']),
  ];
  const [head = '', ...lines] = table([header, ...rows]);
  const failures = variants.flatMap(({ name, failed }) => failed.map(({ seed, reason }) => colors.red(`${name}, seed ${seed} failed: ${reason}`)));
  const explanation =
    `Mean ± sd over seeds on the ${split} split, lower is better: ${count(samples.generated)} generated against ${count(samples.real)} real images. ` +
    'best: the checkpoint with the lowest validation score; last: after the last step; floor: as many real images of the train split; noise: real test images with that share of Gaussian noise.';
  return [
    colors.bold(data),
    colors.dim(head),
    ...lines.map((line, i) => (i < variants.length ? line : colors.dim(line))),
    ...failures,
    colors.dim(explanation),
  ].join('\n');
}

function seeds({ finished, failed }: VariantRow): string {
  return failed.length === 0 ? String(finished) : `${finished} (${failed.length} failed)`;
}
