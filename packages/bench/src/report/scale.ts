import { number } from '../format.js';
import type { Leaderboard } from '../leaderboard.js';
import { escape } from './escape.js';

const WIDTH = 1000;
const LEFT = 130;
const RIGHT = 30;
const ROW = 30;
const TOP = 26;

/** The first score of every variant on a logarithmic scale, as an SVG: mean and spread over seeds, between floor and noise. */
export function scoreScale({ scoreNames, variants, yardsticks }: Leaderboard): string {
  const name = scoreNames[0];
  if (name === undefined) return '';
  const rows = variants.flatMap((row) => (row.best[name] ? [{ name: row.name, ...row.best[name] }] : []));
  const marks = yardsticks.flatMap((row) => (row.values[name] ? [{ name: row.name, value: row.values[name].mean }] : []));
  const values = [...rows.flatMap(({ mean, sd = 0 }) => [mean - sd, mean, mean + sd]), ...marks.map(({ value }) => value)].filter((value) => value > 0);
  if (rows.length === 0 || values.length < 2) return '';
  const [low, high] = [Math.log(Math.min(...values)), Math.log(Math.max(...values))];
  const x = (value: number): number => LEFT + ((Math.log(Math.max(value, Math.exp(low))) - low) / (high - low || 1)) * (WIDTH - LEFT - RIGHT);
  const bottom = TOP + rows.length * ROW + 6;
  const lines = marks.map((mark) => `<line class="mark" x1="${at(x(mark.value))}" x2="${at(x(mark.value))}" y1="${TOP - 6}" y2="${bottom}"/><text x="${at(x(mark.value))}" y="14" text-anchor="${anchor(x(mark.value))}">${escape(mark.name)} ${number(mark.value)}</text>`);
  const dots = rows.map(({ name: variant, mean, sd = 0 }, i) => {
    const y = TOP + i * ROW + ROW / 2;
    const hue = `var(--series-${i % 8})`;
    return (
      `<text class="name" x="0" y="${y + 4}">${escape(variant)}</text><line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}"/>` +
      `<line x1="${at(x(mean - sd))}" x2="${at(x(mean + sd))}" y1="${y}" y2="${y}" style="stroke:${hue};stroke-width:3"/><circle cx="${at(x(mean))}" cy="${y}" r="6" style="fill:${hue}"/>`
    );
  });
  const label = `<text x="${WIDTH - RIGHT}" y="${bottom + 18}" text-anchor="end">${escape(name)}, best checkpoint, logarithmic</text>`;
  return `<svg class="scale" viewBox="0 0 ${WIDTH} ${bottom + 26}" role="img" aria-label="${escape(name)} of every variant">${lines.join('')}${dots.join('')}${label}</svg>`;
}

function at(value: number): string {
  return value.toFixed(1);
}

function anchor(x: number): 'start' | 'middle' | 'end' {
  if (x < LEFT + 60) return 'start';
  return x > WIDTH - RIGHT - 60 ? 'end' : 'middle';
}
