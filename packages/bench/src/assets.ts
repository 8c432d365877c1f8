import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

// This file lies directly in `src`, and its build in `dist`, so that `../assets` is right from both.

export interface ReportAssets {
  readonly css: string;
  readonly chartCss: string;
  /** uPlot, as a script that defines `uPlot`. */
  readonly chartScript: string;
  readonly script: string;
}

/** What every report carries within itself. */
export async function reportAssets(): Promise<ReportAssets> {
  const own = (name: string): Promise<string> => readFile(new URL(`../assets/${name}`, import.meta.url), 'utf8');
  const uplot = path.dirname(createRequire(import.meta.url).resolve('uplot'));
  const [css, script, chartCss, chartScript] = await Promise.all([
    own('report.css'),
    own('report.js'),
    readFile(path.join(uplot, 'uPlot.min.css'), 'utf8'),
    readFile(path.join(uplot, 'uPlot.iife.min.js'), 'utf8'),
  ]);
  return { css, script, chartCss, chartScript };
}
