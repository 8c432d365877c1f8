import type { CellResult } from '../cell/result.js';
import { count, duration, megabytes, number } from '../format.js';
import { escape } from './escape.js';
import { htmlTable } from './table.js';

/** One row for every cell: what it made, how fast, and the hash of its weights. */
export function cellsHtml(cells: readonly CellResult[]): string {
  const header = ['cell', 'variant', 'data', 'seed', 'steps', 'best step', 'images shown', 'images/s', 'ms/step', 'training', 'evaluation', 'other', 'memory', 'weights'];
  const rows = cells.map((cell) => ({
    ...(cell.status === 'failed' ? { className: 'bad' } : {}),
    cells: [
      `<code>${cell.id}</code>`,
      escape(cell.variant),
      escape(cell.data.name),
      String(cell.seed),
      `${count(cell.steps)}${cell.status === 'failed' ? ' (failed)' : ''}`,
      cell.best ? count(cell.best.step) : '-',
      count(cell.imagesShown),
      count(cell.imagesPerSecond),
      number(cell.msPerStep),
      duration(cell.seconds.training),
      duration(cell.seconds.evaluation),
      duration(cell.seconds.other),
      megabytes(cell.peakRssBytes),
      `<code title="${cell.weightsSha256 ?? ''}">${cell.weightsSha256?.slice(0, 8) ?? '-'}</code>`,
    ],
  }));
  return `<div class="panel">${htmlTable(header, rows)}</div>`;
}

/** Every variant's resolved config, one column each. */
export function configHtml(cells: readonly CellResult[]): string {
  const columns = [...new Map(cells.map((cell) => [JSON.stringify([cell.variant, cell.config, cell.emaDecay, cell.budget]), cell])).values()];
  const fields = [...new Set(columns.flatMap(({ config }) => Object.keys(config)))];
  const row = (name: string, values: readonly unknown[]) => ({ cells: [`<code>${escape(name)}</code>`, ...values.map((value) => (value === undefined ? '-' : escape(typeof value === 'string' ? value : JSON.stringify(value))))] });
  const rows = [
    ...fields.map((field) => row(field, columns.map(({ config }) => config[field]))),
    row('weight average (decay)', columns.map(({ emaDecay }) => emaDecay)),
    row('generator steps', columns.map(({ budget }) => budget)),
    row('shape of the data', columns.map(({ data }) => data.shape.join(' x '))),
  ];
  const papers = [...new Map(columns.map(({ variant, paper }) => [variant, paper])).entries()];
  const references = papers.map(([variant, { title, authors, year, url }]) => `<li>${escape(variant)}: ${escape(authors)} ${year}, <a href="${escape(url)}">${escape(title)}</a></li>`);
  return `<div class="panel">${htmlTable(['field', ...columns.map(({ variant }) => escape(variant))], rows)}</div><ul class="faint">${references.join('')}</ul>`;
}

/** On what the cells ran, and which engines were not taken. */
export function engineHtml(cells: readonly CellResult[]): string {
  const key = ({ engine, device, mode, passedOver }: CellResult): string => JSON.stringify([engine, device, mode, passedOver]);
  return distinct(cells.map(key))
    .map((engine) => cells.filter((cell) => key(cell) === engine))
    .map((those) => {
      const { engine, device, mode, passedOver } = those[0] as CellResult;
      const versions = distinct(those.flatMap((cell) => Object.entries(cell.versions).map(([name, version]) => `${escape(name)} ${escape(version)}`)));
      const others = passedOver.map(({ name, reason }) => `<li><b>${escape(name)}</b> was not taken: ${escape(reason)}</li>`);
      const untraced = distinct(those.flatMap((cell) => Object.entries(cell.untraced).map(([player, reason]) => `<li>Not traced as one call: <b>${escape(player)}</b> of ${escape(cell.variant)}. ${escape(reason)}</li>`)));
      const items = [...others, ...untraced].join('');
      return `<p><b>${escape(engine)}</b> on ${escape(device)}, ${mode}. <span class="faint">${versions.join(', ')}</span></p>${items && `<ul class="faint">${items}</ul>`}`;
    })
    .join('');
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

/** How each score was measured, in words. */
export function protocolHtml(cells: readonly CellResult[]): string {
  const protocols = [...new Map(cells.flatMap((cell) => (cell.extractor ? [[JSON.stringify([cell.data.name, cell.evaluation, cell.extractor]), cell] as const] : []))).values()];
  return protocols
    .map(({ data, evaluation, extractor }) => {
      const name = escape(extractor?.name ?? '');
      return `<p>On <b>${escape(data.name)}</b>, features of <code>${name}</code> (${extractor?.testAccuracy == null ? 'never trained' : `a classifier, ${(100 * extractor.testAccuracy).toFixed(2)} % right on the test split`}; weights
<code title="${extractor?.weightsSha256}">${extractor?.weightsSha256.slice(0, 12)}</code>).
<code>fid-${name}</code>: Fréchet distance between Gaussians fitted to the features of ${count(evaluation.testSamples)} generated and ${count(evaluation.testSamples)} real test images.
<code>kid-${name}</code>: unbiased squared MMD with the kernel (x·y/d + 1)³, mean of ${evaluation.kernelSubsets} random subsets of at most 1,000.
${evaluation.second ? `<code>fid-${escape(evaluation.second)}</code>: the same distance by a second extractor that knows nothing of the first; it chooses no checkpoint.\n` : ''}The best checkpoint is the one with the lowest Fréchet distance to ${count(evaluation.validationSamples)} images of the validation split, measured every ${count(evaluation.every)} steps; the test split is looked at once, at the end.</p>`;
    })
    .join('');
}
