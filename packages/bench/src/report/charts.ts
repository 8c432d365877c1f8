import type { CellResult } from '../cell/result.js';

/** One line of a chart. `hue` names a colour of the style sheet. */
interface ChartSeries {
  readonly label: string;
  readonly hue: string;
  readonly dash?: readonly number[];
  readonly width?: number;
  /** Mark its points. */
  readonly points?: boolean;
}

/** A chart as the report's script draws it: x values first, then those of every series. */
export interface Chart {
  readonly title: string;
  readonly log: boolean;
  readonly series: readonly ChartSeries[];
  readonly data: readonly (readonly (number | null)[])[];
}

interface Line {
  readonly series: ChartSeries;
  /** By step. */
  readonly values: ReadonlyMap<number, number>;
}

const DASHES: readonly (readonly number[] | undefined)[] = [undefined, [6, 3], [2, 3], [8, 3, 2, 3]];

/** Scores on the validation split over the steps, a line for each cell, between the floor and the noisy images. */
export function scoreChart(cells: readonly CellResult[]): Chart | undefined {
  const scored = cells.filter(({ scores }) => scores.length > 0);
  const name = scored[0]?.scores[0]?.scores[0]?.name;
  if (name === undefined) return undefined;
  const variants = [...new Set(scored.map(({ variant }) => variant))];
  const lines: Line[] = scored.map(({ variant, seed, scores }, i) => ({
    series: { label: `${variant}, seed ${seed}`, hue: hueOf(variants.length > 1 ? variants.indexOf(variant) : i), points: true, width: 2 },
    values: new Map(scores.flatMap(({ step, scores: [first] }) => (first ? [[step, first.value] as const] : []))),
  }));
  const steps = lines.flatMap(({ values }) => [...values.keys()]);
  const level = (label: string, value: number | undefined, dash: readonly number[]): Line[] =>
    value === undefined || value <= 0 ? [] : [{ series: { label, hue: 'faint', dash, width: 1 }, values: new Map([Math.min(...steps), Math.max(...steps)].map((step) => [step, value])) }];
  const rungs = scored.find(({ rungs }) => rungs.length > 0)?.rungs ?? [];
  const levels = [
    ...level('floor', scored[0]?.scores[0]?.scores[0]?.floor, [2, 3]),
    ...rungs.flatMap((rung) => level(`${rung.name} (test)`, rung.scores.find((score) => score.name === name)?.value, [8, 4])),
  ];
  return chart(`${name} on the validation split`, true, [...lines, ...levels]);
}

/** Losses of the cells of one variant: a colour for each loss, a dash for each seed. */
export function lossChart(variant: string, cells: readonly CellResult[]): Chart | undefined {
  const named = cells.filter(({ losses }) => losses.length > 0);
  const names = [...new Set(named.flatMap(({ losses }) => Object.keys(losses[0]?.losses ?? {})))];
  if (names.length === 0) return undefined;
  const lines = named.flatMap((cell, i) =>
    names.map((name, j): Line => {
      const dash = DASHES[i % DASHES.length];
      return {
        series: { label: `${name.replace(/\.total$/, '')}, seed ${cell.seed}`, hue: hueOf(j), width: 1.25, ...(dash ? { dash } : {}) },
        values: new Map(cell.losses.flatMap(({ step, losses }) => (losses[name] === undefined ? [] : [[step, losses[name]] as const]))),
      };
    }),
  );
  return chart(`Losses of ${variant}`, false, lines);
}

function chart(title: string, log: boolean, lines: readonly Line[]): Chart {
  const steps = [...new Set(lines.flatMap(({ values }) => [...values.keys()]))].sort((one, other) => one - other);
  return {
    title,
    log,
    series: lines.map(({ series }) => series),
    data: [steps, ...lines.map(({ values }) => steps.map((step) => values.get(step) ?? null))],
  };
}

function hueOf(i: number): string {
  return `series-${i % 8}`;
}
