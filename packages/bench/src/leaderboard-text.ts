import type { Colors } from './progress/view.js';
import { count, spreadText, table } from './format.js';
import { furtherScores, type Leaderboard, type VariantRow } from './leaderboard.js';

/** A leaderboard for the terminal, with a few lines that explain its columns. */
export function leaderboardText(board: Leaderboard, colors: Colors): string {
  const { data, scoreNames, samples, split, variants, yardsticks } = board;
  const header = ['', ...scoreNames.flatMap((name) => [`${title(name, board)} best`, 'last']), 'seeds', 'steps', 'images/s'];
  const shown = yardsticks.filter(({ values }) => scoreNames.some((name) => values[name] !== undefined));
  const rows = [
    ...variants.map((row) => [row.name, ...scoreNames.flatMap((name) => [spreadText(row.best[name]), spreadText(row.last[name])]), seeds(row), count(row.steps), row.imagesPerSecond ? count(row.imagesPerSecond.mean) : '-']),
    ...shown.map((row) => [row.name, ...scoreNames.flatMap((name) => [spreadText(row.values[name]), '']), '', '', '']),
  ];
  const [head = '', ...lines] = table([header, ...rows]);
  const failures = variants.flatMap(({ name, failed }) => failed.map(({ seed, reason }) => colors.red(`${name}, seed ${seed} failed: ${reason}`)));
  return [
    colors.bold(data),
    colors.dim(head),
    ...lines.map((line, i) => (i < variants.length ? line : colors.dim(line))),
    ...furtherLines(board),
    ...failures,
    colors.dim(`${explanation(board)} Mean ± sd over seeds on the ${split} split: ${count(samples.generated)} generated against ${count(samples.real)} real samples.`),
  ].join('\n');
}

/** `1nn-accuracy ↑`: higher is better. */
export function title(name: string, { higherIsBetter }: Pick<Leaderboard, 'higherIsBetter'>): string {
  return `${name} ${higherIsBetter.includes(name) ? '↑' : '↓'}`;
}

/** What the columns and the rows below the variants are. */
export function explanation({ yardsticks }: Pick<Leaderboard, 'yardsticks'>): string {
  const named = (pattern: RegExp): boolean => yardsticks.some(({ name }) => pattern.test(name));
  return [
    '↓ lower is better, ↑ higher. best: the checkpoint with the best validation score; last: after the last step',
    ...(named(/^floor$/) ? ['floor: as many real samples of the train split, what a perfect generator would get'] : []),
    ...(named(/^noise/) ? ['noise: real test samples with that share of Gaussian noise'] : []),
    ...(named(/^identity mapping$/) ? ['identity mapping: the input returned as it is'] : []),
    ...(named(/^random pair$/) ? ["random pair: a reconstruction beside another image's original"] : []),
    ...(named(/^untrained encoder$/) ? ['untrained encoder: before the first step'] : []),
    ...(named(/^mean image$/) ? ['mean image: that of the domain to translate into, whatever the input'] : []),
  ].join('; ') + '.';
}

function furtherLines(board: Leaderboard): string[] {
  return furtherScores(board).map(({ variant, score, best, last, yardsticks }) => {
    const beside = yardsticks.map(({ name, value }) => `${name} ${spreadText(value)}`);
    return `${variant}: ${title(score, board)} best ${spreadText(best)}, last ${spreadText(last)}${beside.length > 0 ? ` (${beside.join(', ')})` : ''}`;
  });
}

function seeds({ finished, failed }: VariantRow): string {
  return failed.length === 0 ? String(finished) : `${finished} (${failed.length} failed)`;
}
