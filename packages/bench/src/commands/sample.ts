import type { EngineName } from '@ganzoo/core';
import { loadEngine } from '@ganzoo/engine';
import type { Command } from 'commander';
import { columnsOfLabels } from '../grid.js';
import { addEngineOptions, wholeNumber } from '../options.js';
import { addCheckpointOptions, type CheckpointChoice, loadTrained } from '../trained.js';
import { writeSamples } from '../write-samples.js';

const EXAMPLES = `
Examples:
  ganzoo sample runs/mine                                  64 samples of the best checkpoint, as grid.png
  ganzoo sample runs/mine --n 10000 --out samples.npy      float32 [n, h, w, c] in [-1, 1], for NumPy
  ganzoo sample runs/mine --n 100 --out pictures/          one PNG each
  ganzoo sample runs/bench --cell 14f9544fbf51 --last --stream other`;

interface SampleCommandOptions extends CheckpointChoice {
  readonly n: number;
  readonly out: string;
  readonly stream: string;
  readonly live?: boolean;
  readonly engine: EngineName | 'auto';
}

export function addSample(program: Command): void {
  addEngineOptions(addCheckpointOptions(program.command('sample').description('Generate samples with a trained generator.')))
    .option('--n <count>', 'number of samples', wholeNumber(1), 64)
    .option('--out <file>', 'a .png (grid), a .npy (array), or a folder (one PNG each)', 'grid.png')
    .option('--stream <name>', 'equal names give equal latents', 'samples')
    .option('--live', 'the live weights, where the run keeps a weight average')
    .option('--debug', 'stack traces')
    .addHelpText('after', EXAMPLES)
    .action(sample);
}

async function sample(from: string, options: SampleCommandOptions): Promise<void> {
  await loadEngine(options.engine);
  const { trainer, manifest } = await loadTrained(from, options);
  const { values, labels } = await trainer.sample(options.n, { stream: options.stream, ...(options.live === true ? { averaged: false } : {}) });
  trainer.dispose();
  const what = await writeSamples(values, manifest.data.shape, options.out, columnsOfLabels(labels));
  process.stdout.write(`${options.n} samples of ${manifest.variant} after step ${manifest.step}: ${what}\n`);
}
