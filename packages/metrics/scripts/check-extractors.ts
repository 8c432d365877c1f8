/**
 * Is each extractor to be trusted? Its accuracy on the test split, and whether the Fréchet distance rises at every level
 * of each degradation. Ends with exit code 1 when something is not as it should be.
 *
 *   npm run check-extractors -- [--only mnist] [--data-dir folder] [--samples 5000] [--engine auto]
 */
import { parseArgs } from 'node:util';
import type { Dataset, EngineName } from '@ganzoo/core';
import { loadDataset } from '@ganzoo/datasets';
import { loadEngine } from '@ganzoo/engine';
import { loadExtractor } from '../src/extractors/load.js';
import { extractors, type ExtractorName } from '../src/extractors/registry.js';
import { accuracy } from './accuracy.js';
import { climbLadders } from './ladder.js';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    'data-dir': { type: 'string' },
    samples: { type: 'string', default: '5000' },
    engine: { type: 'string', default: 'auto' },
  },
});
/** Which data set contaminates which. */
const others = { glyphs: 'mnist', mnist: 'fashion-mnist', 'fashion-mnist': 'mnist' } as const;

const engine = await loadEngine(options.engine as EngineName | 'auto');
console.log(`${engine.name} on ${engine.device}`);
for (const name of (Object.keys(extractors) as ExtractorName[]).filter((known) => known.startsWith(options.only ?? ''))) {
  const { trainedOn } = extractors[name];
  await check(name, await load(trainedOn), await load(others[trainedOn]));
}

async function check(name: ExtractorName, dataset: Dataset, other: Dataset): Promise<void> {
  const extractor = await loadExtractor(name);
  const found = await accuracy((images) => (extractor.classify as NonNullable<typeof extractor.classify>)(images), dataset.source('test'));
  report(Math.abs(found - extractor.testAccuracy) <= 0.0005, `${name}: test accuracy ${found}, ${extractor.testAccuracy} in its file`);
  for (const { name: ladder, rungs, rises } of await climbLadders(extractor, dataset, other, Number(options.samples))) {
    report(rises, `${name}, ${ladder}: ${rungs.map(({ level, distance }) => `${level}: ${distance.toFixed(2)}`).join('  ')}`);
  }
  extractor.dispose();
}

function report(good: boolean, line: string): void {
  console.log(`${good ? 'ok ' : 'BAD'} ${line}`);
  if (!good) process.exitCode = 1;
}

function load(name: string): Promise<Dataset> {
  return loadDataset(name, options['data-dir'] === undefined ? {} : { dataDir: options['data-dir'] });
}
