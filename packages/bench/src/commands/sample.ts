import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Manifest, type Snapshot, sampleSize, Trainer, UsageError } from '@ganzoo/core';
import { loadCheckpoint, writeFileAtomic } from '@ganzoo/core/node';
import { loadDataset } from '@ganzoo/datasets';
import { loadEngine } from '@ganzoo/engine';
import { type Command, Option } from 'commander';
import { CellFolder } from '../cell/folder.js';
import { sizeOf } from '../cell/job.js';
import { findVariants, isVariantPath, loadVariant, type VariantListing } from '../discover.js';
import { encodeGrid, encodeImage } from '../grid.js';
import { encodeNpy } from '../npy.js';
import { ENGINES, wholeNumber } from '../options.js';
import { existingRun } from '../run-folder.js';

const EXAMPLES = `
Examples:
  ganzoo sample runs/mine                                  64 samples of the best checkpoint, as grid.png
  ganzoo sample runs/mine --n 10000 --out samples.npy      float32 [n, h, w, c] in [-1, 1], for NumPy
  ganzoo sample runs/mine --n 100 --out pictures/          one PNG each
  ganzoo sample runs/bench --cell 14f9544fbf51 --last --stream other`;

interface SampleCommandOptions {
  readonly n: number;
  readonly out: string;
  readonly cell?: string;
  readonly last?: boolean;
  readonly stream: string;
  readonly live?: boolean;
  readonly engine: (typeof ENGINES)[number];
}

export function addSample(program: Command): void {
  program
    .command('sample')
    .description('Generate samples with a trained generator.')
    .argument('<run>', 'run folder, or a checkpoint file')
    .option('--n <count>', 'number of samples', wholeNumber(1), 64)
    .option('--out <file>', 'a .png (grid), a .npy (array), or a folder (one PNG each)', 'grid.png')
    .option('--cell <id>', 'which cell of a bench (its first letters suffice)')
    .option('--last', 'the last checkpoint instead of the best')
    .option('--stream <name>', 'equal names give equal latents', 'samples')
    .option('--live', 'the live weights, where the run keeps a weight average')
    .addOption(new Option('--engine <name>', 'what computes').choices(ENGINES).default('auto'))
    .option('--debug', 'stack traces')
    .addHelpText('after', EXAMPLES)
    .action(sample);
}

async function sample(from: string, options: SampleCommandOptions): Promise<void> {
  const { file, modules } = await findCheckpoint(from, options);
  const snapshot = await loadCheckpoint(file);
  await loadEngine(options.engine);
  const trainer = await rebuild(snapshot, modules);
  const { values } = await trainer.sample(options.n, { stream: options.stream, ...(options.live === true ? { averaged: false } : {}) });
  trainer.dispose();
  const what = await write(values, snapshot.manifest.data.shape, options.out);
  process.stdout.write(`${options.n} samples of ${snapshot.manifest.variant} after step ${snapshot.manifest.step}: ${what}\n`);
}

/** A checkpoint file as given, or that of a cell of a run; with the paths of modules that the run's variants came from. */
async function findCheckpoint(from: string, { cell, last = false }: SampleCommandOptions): Promise<{ file: string; modules: readonly string[] }> {
  if (existsSync(from) && statSync(from).isFile()) return { file: from, modules: [] };
  const { run, config } = await existingRun(from);
  const ids = config.cells.filter((id) => id.startsWith(cell ?? ''));
  if (ids.length !== 1) {
    const problem = cell === undefined ? `The run in '${run.path}' has ${ids.length} cells.` : `${ids.length} cells of the run in '${run.path}' begin with '${cell}'.`;
    throw new UsageError(problem, { remedy: `Choose one with --cell: ${config.cells.join(', ')}.` });
  }
  const folder = new CellFolder(run.cells, ids[0] as string);
  const best = last ? undefined : await folder.findBest();
  return { file: best ?? folder.last, modules: config.settings.variants.filter(isVariantPath) };
}

/** The trainer as it was when the checkpoint was written. No data are read. */
async function rebuild(snapshot: Snapshot, modules: readonly string[]): Promise<Trainer> {
  const { variant: name, config, data, seed, emaDecay } = snapshot.manifest;
  const own = (await findVariants(modules)).find((one) => one.name === name);
  const listing = own ?? ((await findVariants([name]))[0] as VariantListing);
  const [variant, dataset] = await Promise.all([loadVariant(listing), openDataset(data)]);
  const trainer = new Trainer({ variant, dataset, config, seed, emaDecay });
  trainer.restore(snapshot);
  return trainer;
}

async function openDataset({ name, shape }: Manifest['data']): ReturnType<typeof loadDataset> {
  return loadDataset(name, sizeOf(shape));
}

async function write(values: Float32Array, shape: readonly number[], out: string): Promise<string> {
  const target = path.resolve(out);
  const count = values.length / sampleSize({ shape });
  if (out.endsWith('.npy')) await writeFileAtomic(target, encodeNpy(values, [count, ...shape]));
  else if (out.endsWith('.png')) await writeFileAtomic(target, encodeGrid(values, shape));
  else {
    const size = sampleSize({ shape });
    const digits = String(count - 1).length;
    for (let i = 0; i < count; i++) {
      await writeFileAtomic(path.join(target, `${String(i).padStart(digits, '0')}.png`), encodeImage(values.subarray(i * size, (i + 1) * size), shape));
    }
  }
  return target;
}
