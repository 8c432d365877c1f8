import type { EngineName } from '@ganzoo/core';
import path from 'node:path';
import { loadEngine } from '@ganzoo/engine';
import type { Command } from 'commander';
import { saveLayersModel } from '../layers-model.js';
import { addEngineOptions } from '../options.js';
import { addCheckpointOptions, type CheckpointChoice, loadTrained } from '../trained.js';

const EXAMPLES = `
Examples:
  ganzoo export runs/mine --out model      model/generator/model.json and weights.bin, model/discriminator/...
  ganzoo export runs/bench --cell 14f9544fbf51 --last

In a browser:
  import '@ganzoo/core/layers';            the layers that TF.js lacks; not needed where a network has none of them
  const generator = await tf.loadLayersModel('model/generator/model.json');`;

interface ExportOptions extends CheckpointChoice {
  readonly out: string;
  readonly live?: boolean;
  readonly engine: EngineName | 'auto';
}

export function addExport(program: Command): void {
  addEngineOptions(addCheckpointOptions(program.command('export').description('Write trained networks as TensorFlow.js layers models, one folder each.')))
    .option('--out <folder>', 'where to', 'model')
    .option('--live', 'the live weights, where the run keeps a weight average')
    .option('--debug', 'stack traces')
    .addHelpText('after', EXAMPLES)
    .action(exportNetworks);
}

async function exportNetworks(from: string, options: ExportOptions): Promise<void> {
  await loadEngine(options.engine);
  const { trainer, manifest } = await loadTrained(from, options);
  const save = async (): Promise<string[]> => {
    const files: string[] = [];
    for (const [name, network] of Object.entries(trainer.model.networks)) files.push(await saveLayersModel(network, path.resolve(options.out, name)));
    return files;
  };
  const files = options.live === true ? await save() : await trainer.withAverage(save);
  trainer.dispose();
  process.stdout.write(`${manifest.variant} after step ${manifest.step}:\n${files.map((file) => `  ${file}\n`).join('')}`);
}
