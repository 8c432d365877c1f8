import type { Score } from '@ganzoo/core';
import type { CellResult, ScorePoint } from './cell/result.js';
import { costOf } from './score.js';
import { mean, standardDeviation } from './statistics.js';

/** A number over seeds. */
export interface Spread {
  readonly mean: number;
  /** Over seeds (ddof 1); undefined for one seed. */
  readonly sd?: number;
  readonly count: number;
}

export interface VariantRow {
  readonly kind: 'variant';
  /** The variant's name; with what sets its cells apart when a data set has several kinds of cells of it. */
  readonly name: string;
  /** By score name: `fid-mnist-lenet64`. Best and last checkpoint on the test split. */
  readonly best: Readonly<Record<string, Spread>>;
  readonly last: Readonly<Record<string, Spread>>;
  readonly finished: number;
  readonly failed: readonly { readonly seed: number; readonly reason: string }[];
  readonly imagesPerSecond: Spread | undefined;
  /** Real images shown to one cell. */
  readonly imagesShown: Spread | undefined;
  readonly steps: number;
}

/** The floor, or real images with noise: what the scores are read against. */
export interface YardstickRow {
  readonly kind: 'yardstick';
  readonly name: string;
  readonly values: Readonly<Record<string, Spread>>;
}

/** One table: cells on the same data, scored in the same way. */
export interface Leaderboard {
  readonly data: string;
  /** What every variant was scored by, in the order of the columns. */
  readonly scoreNames: readonly string[];
  /** What only some can be scored by: an encoder's, a conditional generator's. */
  readonly furtherNames: readonly string[];
  /** The scores that are better when they are higher; all others when they are lower. */
  readonly higherIsBetter: readonly string[];
  readonly samples: { readonly real: number; readonly generated: number };
  readonly split: string;
  /** Best first, by the first score of the best checkpoint; variants without a score last. */
  readonly variants: readonly VariantRow[];
  readonly yardsticks: readonly YardstickRow[];
}

/** A score that only some variants have, beside the yardsticks that have it too. */
export interface FurtherScore {
  readonly variant: string;
  readonly score: string;
  readonly better: 'lower' | 'higher';
  readonly best: Spread;
  readonly last: Spread | undefined;
  readonly yardsticks: readonly { readonly name: string; readonly value: Spread }[];
}

/** The tables of a number of cells, one for each data set, size and protocol. */
export function leaderboards(cells: readonly CellResult[]): Leaderboard[] {
  return groups(cells, ({ data, evaluation }) => `${dataTitle(data)} ${evaluation.extractor} ${evaluation.testSamples}`).map(leaderboard);
}

/** `glyphs 28x28x1` */
export function dataTitle({ name, shape }: CellResult['data']): string {
  return `${name} ${shape.join('x')}`;
}

function leaderboard(cells: readonly CellResult[]): Leaderboard {
  const [first] = cells as readonly [CellResult];
  const scored = cells.flatMap(({ best }) => (best && best.scores.length > 0 ? [best.scores] : []));
  const names = [...new Set(scored.flat().map(({ name }) => name))];
  const scoreNames = names.filter((name) => scored.every((scores) => scores.some((score) => score.name === name)));
  const furtherNames = names.filter((name) => !scoreNames.includes(name));
  const higherIsBetter = [...new Set(scored.flat().filter(({ better }) => better === 'higher').map(({ name }) => name))];
  const { testSamples } = first.evaluation;
  return {
    data: dataTitle(first.data),
    scoreNames,
    furtherNames,
    higherIsBetter,
    samples: scored[0]?.[0]?.samples ?? { real: testSamples, generated: testSamples },
    split: 'test',
    variants: groups(cells, ({ variant }) => variant).flatMap(variantRows).sort(byScore(scoreNames[0], higherIsBetter)),
    yardsticks: yardsticks(cells),
  };
}

/** One row for each budget, config, engine and version that a variant was run with. */
function variantRows(cells: readonly CellResult[]): VariantRow[] {
  const settings = groups(cells, ({ budget, config, emaDecay, engine, device, versions, mode }) => JSON.stringify([budget, config, emaDecay, engine, device, versions, mode]));
  return settings.map((alike, i) => variantRow(alike, settings.length > 1 ? ` (${i + 1})` : ''));
}

function variantRow(cells: readonly CellResult[], suffix: string): VariantRow {
  const [first] = cells as readonly [CellResult];
  const finished = cells.filter(({ status }) => status === 'finished');
  const failed = cells.filter(({ status }) => status === 'failed').map(({ seed, failure }) => ({ seed, reason: failure?.reason ?? 'unknown' }));
  return {
    kind: 'variant',
    name: first.variant + suffix,
    best: spreads(finished.map(({ best }) => best)),
    last: spreads(finished.map(({ last }) => last)),
    finished: finished.length,
    failed,
    imagesPerSecond: spread(finished.map((cell) => cell.imagesPerSecond)),
    imagesShown: spread(finished.map((cell) => cell.imagesShown)),
    steps: first.budget,
  };
}

function yardsticks(cells: readonly CellResult[]): YardstickRow[] {
  const floors = cells.flatMap(({ last }) => (last ? [floorsOf(last.scores)] : []));
  const rungs = cells.flatMap(({ rungs }) => rungs);
  const rows = groups(rungs, ({ name }) => name).map((alike) => ({ name: alike[0]?.name ?? '', values: collect(alike.map(({ scores }) => valuesOf(scores))) }));
  return [{ name: 'floor', values: collect(floors) }, ...rows].map((row) => ({ kind: 'yardstick' as const, ...row })).filter(({ values }) => Object.keys(values).length > 0);
}

function spreads(points: readonly (ScorePoint | null)[]): Record<string, Spread> {
  return collect(points.flatMap((point) => (point ? [valuesOf(point.scores)] : [])));
}

function valuesOf(scores: readonly Score[]): Record<string, number> {
  return Object.fromEntries(scores.map(({ name, value }) => [name, value]));
}

function floorsOf(scores: readonly Score[]): Record<string, number> {
  return Object.fromEntries(scores.flatMap(({ name, floor }) => (floor === undefined ? [] : [[name, floor]])));
}

function collect(records: readonly Record<string, number>[]): Record<string, Spread> {
  const names = new Set(records.flatMap((record) => Object.keys(record)));
  return Object.fromEntries([...names].map((name) => [name, spread(records.flatMap((record) => record[name] ?? [])) as Spread]));
}

function spread(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined;
  const sd = standardDeviation(values);
  return { mean: mean(values), count: values.length, ...(sd === undefined ? {} : { sd }) };
}

function byScore(name: string | undefined, higherIsBetter: readonly string[]): (one: VariantRow, other: VariantRow) => number {
  const better = name !== undefined && higherIsBetter.includes(name) ? 'higher' : 'lower';
  const cost = ({ best }: VariantRow): number => {
    const value = name === undefined ? undefined : best[name]?.mean;
    return costOf(value === undefined ? undefined : { value, better });
  };
  return (one, other) => (cost(one) === cost(other) ? 0 : cost(one) - cost(other));
}

/** What the further scores come to, variant by variant, with the yardsticks that have them: `bigan: 1nn-accuracy .97 (untrained .96)`. */
export function furtherScores({ furtherNames, variants, yardsticks, higherIsBetter }: Leaderboard): FurtherScore[] {
  return variants.flatMap(({ name: variant, best, last }) =>
    furtherNames.flatMap((score) => {
      const value = best[score];
      if (value === undefined) return [];
      const better = higherIsBetter.includes(score) ? ('higher' as const) : ('lower' as const);
      const beside = yardsticks.flatMap(({ name, values }) => (values[score] === undefined ? [] : [{ name, value: values[score] }]));
      return [{ variant, score, better, best: value, last: last[score], yardsticks: beside }];
    }),
  );
}

function groups<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const found = new Map<string, T[]>();
  for (const item of items) {
    const group = found.get(key(item));
    if (group) group.push(item);
    else found.set(key(item), [item]);
  }
  return [...found.values()];
}
