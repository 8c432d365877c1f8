import { reportAssets } from '../assets.js';
import type { CellResult } from '../cell/result.js';
import { count } from '../format.js';
import { dataTitle, leaderboards } from '../leaderboard.js';
import { version } from '../versions.js';
import { type Chart, lossChart, scoreChart } from './charts.js';
import { cellsHtml, configHtml, engineHtml, protocolHtml } from './details.js';
import { escape, scriptJson } from './escape.js';
import { films, type Films } from './films.js';
import { leaderboardHtml } from './leaderboard.js';

/**
 * The report as one HTML document that asks nothing of the network.
 * @param folder what the cells' grid files are relative to.
 */
export async function reportHtml(unordered: readonly CellResult[], folder: string): Promise<string> {
  const cells = [...unordered].sort(byDataVariantSeed);
  const { css, chartCss, chartScript, script } = await reportAssets();
  const charts: Chart[] = [];
  const frames: Record<string, Films['frames'][string]> = {};
  const sections: string[] = [];
  for (const board of leaderboards(cells)) {
    const own = cells.filter(({ data }) => dataTitle(data) === board.data);
    const film = await films(own, folder);
    Object.assign(frames, film.frames);
    sections.push(`<h2>${escape(board.data)}</h2>`, leaderboardHtml(board), '<h3>Samples</h3>', film.html, '<h3>Curves</h3>', curvesHtml(own, charts));
  }
  const rest = [
    ['How the scores were measured', protocolHtml(cells)],
    ['Cells', cellsHtml(cells)],
    ['Config', configHtml(cells)],
    ['Engine', engineHtml(cells)],
  ].map(([title, html]) => `<h2>${title}</h2>${html}`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>ganzoo report</title>
<style>${chartCss}\n${css}</style>
</head>
<body>
<main>
<h1>ganzoo report</h1>
${factsHtml(cells)}
${sections.join('\n')}
${rest.join('\n')}
<footer>Made by ganzoo ${escape(version)} from the results of its cells.</footer>
</main>
<script type="application/json" id="data">${scriptJson({ charts, films: frames })}</script>
<script>${chartScript}</script>
<script>${script}</script>
</body>
</html>
`;
}

function byDataVariantSeed(one: CellResult, other: CellResult): number {
  return dataTitle(one.data).localeCompare(dataTitle(other.data)) || one.variant.localeCompare(other.variant) || one.seed - other.seed;
}

/** Score curves of all cells, then the losses of each variant. Adds the charts' data to `charts`. */
function curvesHtml(cells: readonly CellResult[], charts: Chart[]): string {
  const variants = [...new Set(cells.map(({ variant }) => variant))];
  const drawn = [scoreChart(cells), ...variants.map((variant) => lossChart(variant, cells.filter((cell) => cell.variant === variant)))];
  const panels = drawn.flatMap((chart) => {
    if (chart === undefined) return [];
    const index = charts.push(chart) - 1;
    return [`<div class="panel"><p class="chart-title">${escape(chart.title)}</p><div class="chart" data-chart="${index}"></div></div>`];
  });
  return `<div class="row">${panels.join('')}</div>`;
}

function factsHtml(cells: readonly CellResult[]): string {
  const distinct = (value: (cell: CellResult) => string): string => [...new Set(cells.map(value))].join(', ');
  const failed = cells.filter(({ status }) => status === 'failed').length;
  const facts = [
    `${count(cells.length)} ${cells.length === 1 ? 'cell' : 'cells'}${failed > 0 ? `, ${failed} failed` : ''}`,
    `variants: ${distinct(({ variant }) => variant)}`,
    `data: ${distinct(({ data }) => dataTitle(data))}`,
    `steps: ${distinct(({ budget }) => count(budget))}`,
    `engine: ${distinct(({ engine, device }) => `${engine} (${device})`)}`,
    cells.map(({ finishedAt }) => finishedAt).sort().at(-1)?.slice(0, 16).replace('T', ' ') ?? '',
  ];
  return `<ul class="facts">${facts.filter((fact) => fact !== '').map((fact) => `<li>${escape(fact)}</li>`).join('')}</ul>`;
}
