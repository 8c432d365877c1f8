import type { Score } from '@ganzoo/core';
import type { CellResult, ScorePoint } from './cell/result.js';
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
  /** In the order of the columns. */
  readonly scoreNames: readonly string[];
  readonly samples: { readonly real: number; readonly generated: number };
  readonly split: string;
  /** Best first, by the first score of the best checkpoint; variants without a score last. */
  readonly variants: readonly VariantRow[];
  readonly yardsticks: readonly YardstickRow[];
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
  const scored = cells.flatMap(({ best }) => best?.scores ?? []);
  const scoreNames = [...new Set(scored.map(({ name }) => name))];
  const { testSamples } = first.evaluation;
  return {
    data: dataTitle(first.data),
    scoreNames,
    samples: scored[0]?.samples ?? { real: testSamples, generated: testSamples },
    split: 'test',
    variants: groups(cells, ({ variant }) => variant).flatMap(variantRows).sort(byFirstScore(scoreNames[0])),
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

function byFirstScore(name: string | undefined): (one: VariantRow, other: VariantRow) => number {
  const value = ({ best }: VariantRow): number => (name === undefined ? undefined : best[name]?.mean) ?? Infinity;
  return (one, other) => (value(one) === value(other) ? 0 : value(one) - value(other));
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
