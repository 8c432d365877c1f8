import { type EngineName, type DataSpec, type Dataset, type Direction, Random, type Source, UsageError } from '@ganzoo/core';
import { loadDataset } from '@ganzoo/datasets';
import { loadEngine } from '@ganzoo/engine';
import { type Command, Option } from 'commander';
import { sizeOf } from '../cell/job.js';
import { addEngineOptions, wholeNumber } from '../options.js';
import { addCheckpointOptions, type CheckpointChoice, loadTrained } from '../trained.js';
import { writeSamples } from '../write-samples.js';

const EXAMPLES = `
Examples:
  ganzoo translate runs/mine                                           64 test images of domain a, as they look in b
  ganzoo translate runs/mine --direction BtoA --out back.png
  ganzoo translate runs/mine --images folder:photos --n 10 --out out/  your own images, one PNG each`;

interface TranslateOptions extends CheckpointChoice {
  readonly direction: Direction;
  readonly images?: string;
  readonly dataDir?: string;
  readonly n: number;
  readonly out: string;
  readonly live?: boolean;
  readonly engine: EngineName | 'auto';
}

export function addTranslate(program: Command): void {
  addEngineOptions(addCheckpointOptions(program.command('translate').description('Translate images from one domain into the other with trained networks.')))
    .addOption(new Option('--direction <which>', 'from which domain into which').choices(['AtoB', 'BtoA']).default('AtoB'))
    .option('--images <data set>', "what to translate: a data set or folder:<path> (default: test images of the run's own data)")
    .addOption(new Option('--data-dir <folder>', 'where the data files are').env('GANZOO_DATA'))
    .option('--n <count>', 'number of images, drawn at random', wholeNumber(1), 64)
    .option('--out <file>', 'a .png (grid), a .npy (array), or a folder (one PNG each)', 'translated.png')
    .option('--live', 'the live weights, where the run keeps a weight average')
    .option('--debug', 'stack traces')
    .addHelpText('after', EXAMPLES)
    .action(translate);
}

async function translate(from: string, options: TranslateOptions): Promise<void> {
  const { direction, n, out } = options;
  await loadEngine(options.engine);
  const { trainer, manifest, dataset } = await loadTrained(from, options);
  const { domains } = dataset.spec;
  if (!domains) throw new UsageError(`${manifest.variant} does not translate.`, { remedy: "Draw from it with 'ganzoo sample'." });
  const [start, end] = direction === 'AtoB' ? (['a', 'b'] as const) : (['b', 'a'] as const);
  const source = options.images === undefined ? dataset.source('test', start) : await imagesOf(options.images, domains[start], options.dataDir);
  if (n > source.length) throw new UsageError(`${n} images were asked for, but '${source.spec.name}' has ${source.length}.`, { remedy: `Ask for at most ${source.length} with --n.` });
  const { values } = await source.read(Random.of('translate').permutation(source.length).subarray(0, n));
  const translated = await trainer.translate(values, direction, options.live === true ? { averaged: false } : {});
  trainer.dispose();
  const file = await writeSamples(translated, domains[end].shape, out);
  process.stdout.write(`${n} images of '${source.spec.name}', ${direction} by ${manifest.variant} after step ${manifest.step}: ${file}\n`);
}

/** The test images of another data set, in the size of the domain that they are taken for. */
async function imagesOf(name: string, domain: DataSpec, dataDir: string | undefined): Promise<Source> {
  const other: Dataset = await loadDataset(name, { dataDir, ...sizeOf(domain.shape), splits: ['test'] });
  return other.source('test');
}
