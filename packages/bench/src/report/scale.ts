import { number } from '../format.js';
import type { Leaderboard } from '../leaderboard.js';
import { escape } from './escape.js';

const WIDTH = 1000;
const LEFT = 130;
const RIGHT = 30;
const ROW = 30;
const LINE = 16;
/** Of a character of a label, at most. */
const CHARACTER = 7;

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
  const labels = placed(marks.map((mark) => ({ text: `${mark.name} ${number(mark.value)}`, x: x(mark.value) })));
  const top = 10 + LINE * Math.max(1, ...labels.map(({ line }) => line + 1));
  const bottom = top + rows.length * ROW + 6;
  const lines = labels.map(({ text, x, line, anchor }) => {
    const y = 14 + LINE * line;
    return `<line class="mark" x1="${at(x)}" x2="${at(x)}" y1="${y + 6}" y2="${bottom}"/><text x="${at(x)}" y="${y}" text-anchor="${anchor}">${escape(text)}</text>`;
  });
  const dots = rows.map(({ name: variant, mean, sd = 0 }, i) => {
    const y = top + i * ROW + ROW / 2;
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

interface Label {
  readonly text: string;
  readonly x: number;
}

/** Labels at the picture's sides turn inwards, and each stands on the first line where it covers no other. */
function placed(labels: readonly Label[]): (Label & { readonly line: number; readonly anchor: 'start' | 'middle' | 'end' })[] {
  const ends: number[] = []; // of the last label on each line
  return [...labels]
    .sort((a, b) => a.x - b.x)
    .map(({ text, x }) => {
      const width = text.length * CHARACTER;
      const anchor = x < LEFT + width / 2 ? 'start' : x > WIDTH - RIGHT - width / 2 ? 'end' : 'middle';
      const start = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2;
      const free = ends.findIndex((end) => end < start);
      const line = free === -1 ? ends.length : free;
      ends[line] = start + width;
      return { text, x, line, anchor };
    });
}
