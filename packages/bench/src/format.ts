import type { Spread } from './leaderboard.js';

/** Four significant digits: `12.34`, `.001234`; scientific where that is shorter. */
export function number(value: number): string {
  if (value !== 0 && Math.abs(value) < 1e-4) return value.toExponential(1);
  return String(Number(value.toPrecision(Math.abs(value) >= 1000 ? 6 : 4)));
}

/** `12.3 ± 0.4`, both with the digits that the spread leaves meaningful; the mean alone where all values are equal. */
export function spreadText(spread: Spread | undefined): string {
  if (spread === undefined) return '-';
  const { mean, sd } = spread;
  if (sd === undefined || sd <= 1e-9 * Math.abs(mean)) return number(mean); // of equal values rounding leaves a little
  const digits = Math.min(8, Math.max(0, 1 - Math.floor(Math.log10(sd))));
  return `${mean.toFixed(digits)} ± ${sd.toFixed(digits)}`;
}

/** `43 s`, `7 min 12 s`, `1 h 02 min` */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor(whole / 60) % 60).padStart(2, '0')} min`;
}

/** `12,345` */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** `123 MB` */
export function megabytes(bytes: number): string {
  return `${count(bytes / 1e6)} MB`;
}

/** Columns side by side, the first flush left and the others flush right, two spaces apart. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ').trimEnd());
}
