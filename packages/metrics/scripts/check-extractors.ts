/**
 * Are the extractors to be trusted? The accuracy of each classifier on its test split, and whether the Fréchet distance rises
 * at every level of each disturbance: for every data set by two extractors that know nothing of each other. Ends with exit
 * code 1 when a classifier is not as accurate as its file says, or a disturbance does not rise by either of a data set's two.
 *
 *   npm run check-extractors -- [--only mnist] [--data-dir folder] [--cifar-records file] [--samples 5000] [--engine auto] [--report docs/extractors.md]
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Dataset, EngineName, FeatureExtractor } from '@ganzoo/core';
import { writeFileAtomic } from '@ganzoo/core/node';
import { loadDataset } from '@ganzoo/datasets';
import { loadEngine } from '@ganzoo/engine';
import { loadExtractor } from '../src/extractors/load.js';
import { extractorFor, extractors, type ExtractorName, secondExtractor } from '../src/extractors/registry.js';
import { accuracy } from './accuracy.js';
import { type DataReport, drawReport, reportText } from './disturbance-report.js';
import { climbLadders } from './ladder.js';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    'data-dir': { type: 'string' },
    'cifar-records': { type: 'string' },
    samples: { type: 'string', default: '5000' },
    engine: { type: 'string', default: 'auto' },
    report: { type: 'string' },
  },
});
/** The data sets, and which one contaminates each. */
const others: Readonly<Record<string, string>> = { glyphs: 'mnist', mnist: 'fashion-mnist', 'fashion-mnist': 'mnist', 'stacked-mnist': 'fashion-mnist', cifar10: 'fashion-mnist' };

const engine = await loadEngine(options.engine as EngineName | 'auto');
console.log(`${engine.name} on ${engine.device}`);
const reports: DataReport[] = [];
for (const name of Object.keys(others).filter((known) => known.startsWith(options.only ?? ''))) {
  if (name === 'cifar10' && options['cifar-records'] === undefined) console.log('--  cifar10: left out, for want of --cifar-records');
  else reports.push(await check(name));
}
if (options.report !== undefined) {
  const folder = path.dirname(path.resolve(process.env.INIT_CWD ?? '.', options.report));
  for (const report of reports) await writeFileAtomic(path.join(folder, 'images', `disturbances-${report.dataset}.svg`), await drawReport(report));
  await writeFileAtomic(path.join(folder, path.basename(options.report)), reportText(reports));
}

async function check(name: string): Promise<DataReport> {
  const dataset = await load(name === 'cifar10' ? `cifar10:${options['cifar-records']}` : name);
  const [, , channels] = dataset.spec.shape;
  const [side] = dataset.spec.shape;
  const other = await load(others[name] as string, { channels, size: side });
  const samples = Math.min(Number(options.samples), dataset.source('test').length, dataset.source('validation').length);
  const byExtractor: DataReport['byExtractor'][number][] = [];
  for (const extractorName of [extractorFor(name), secondExtractor]) {
    const extractor = await loadExtractor(extractorName);
    await checkAccuracy(extractor, extractorName, dataset);
    byExtractor.push({ extractor: extractorName, ladders: await climbLadders(extractor, dataset, other, samples) });
    extractor.dispose();
  }
  const report: DataReport = { dataset: name, contaminatedBy: others[name] as string, samples, byExtractor };
  for (const [i, { name: disturbance }] of (byExtractor[0]?.ladders ?? []).entries()) {
    const rises = byExtractor.map(({ ladders }) => ladders[i]?.rises === true);
    const rungs = byExtractor.map(({ extractor, ladders }, j) => `${extractor}${rises[j] ? '' : ' (DOES NOT RISE)'} ${ladders[i]?.rungs.map(({ level, distance }) => `${level}: ${distance.toPrecision(4)}`).join('  ')}`);
    say(rises.includes(true), `${name}, ${disturbance}: ${rungs.join(' | ')}`);
  }
  return report;
}

/** Where the whole test split of the data set it was trained on is here. */
async function checkAccuracy({ testAccuracy, classify }: FeatureExtractor, name: ExtractorName, dataset: Dataset): Promise<void> {
  if (testAccuracy === null || !classify || extractors[name].trainedOn !== dataset.spec.name) return;
  const found = await accuracy(classify, dataset.source('test'));
  say(Math.abs(found - testAccuracy) <= 0.0005, `${name}: test accuracy ${found}, ${testAccuracy} in its file`);
}

function say(good: boolean, line: string): void {
  console.log(`${good ? 'ok ' : 'BAD'} ${line}`);
  if (!good) process.exitCode = 1;
}

function load(name: string, { channels, size }: { channels?: number | undefined; size?: number | undefined } = {}): Promise<Dataset> {
  return loadDataset(name, { dataDir: options['data-dir'], channels, size });
}
