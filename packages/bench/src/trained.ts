import { existsSync, statSync } from 'node:fs';
import { type Dataset, type Manifest, type Snapshot, Trainer, UsageError } from '@ganzoo/core';
import { loadCheckpoint } from '@ganzoo/core/node';
import { loadDataset } from '@ganzoo/datasets';
import type { Command } from 'commander';
import { CellFolder } from './cell/folder.js';
import { sizeOf } from './cell/job.js';
import { findVariants, isVariantPath, loadVariant, type VariantListing } from './discover.js';
import { existingRun } from './run-folder.js';

/** Which checkpoint of a run is meant. */
export interface CheckpointChoice {
  readonly cell?: string;
  readonly last?: boolean;
  /** Where the data files are, for commands that read any; default: where the run had them. */
  readonly dataDir?: string;
}

/** What a checkpoint says of itself, and the trainer as it was. The data set is opened, not read. */
export interface Trained {
  readonly trainer: Trainer;
  readonly dataset: Dataset;
  readonly manifest: Manifest;
}

/** The argument and the options of a command that works with a checkpoint. */
export function addCheckpointOptions(command: Command): Command {
  return command
    .argument('<run>', 'run folder, or a checkpoint file')
    .option('--cell <id>', 'which cell of a bench (its first letters suffice)')
    .option('--last', 'the last checkpoint instead of the best');
}

/**
 * What a checkpoint holds, on the engine that runs.
 * @param from a run folder, or a checkpoint file.
 * @throws {UsageError} when there is no such run, or the choice is not one cell.
 * @throws {CheckpointError} when the checkpoint is damaged.
 */
export async function loadTrained(from: string, choice: CheckpointChoice): Promise<Trained> {
  const { file, modules, dataDir } = await findCheckpoint(from, choice);
  const snapshot = await loadCheckpoint(file);
  return rebuild(snapshot, modules, choice.dataDir ?? dataDir);
}

/** A checkpoint file as given, or that of a cell of a run; with the paths of modules that the run's variants came from. */
async function findCheckpoint(from: string, { cell, last = false }: CheckpointChoice): Promise<{ file: string; modules: readonly string[]; dataDir?: string | undefined }> {
  if (existsSync(from) && statSync(from).isFile()) return { file: from, modules: [] };
  const { run, config } = await existingRun(from);
  const ids = config.cells.filter((id) => id.startsWith(cell ?? ''));
  if (ids.length !== 1) {
    const problem = cell === undefined ? `The run in '${run.path}' has ${ids.length} cells.` : `${ids.length} cells of the run in '${run.path}' begin with '${cell}'.`;
    throw new UsageError(problem, { remedy: `Choose one with --cell: ${config.cells.join(', ')}.` });
  }
  const folder = new CellFolder(run.cells, ids[0] as string);
  const best = last ? undefined : await folder.findBest();
  return { file: best ?? folder.last, modules: config.settings.variants.filter(isVariantPath), dataDir: config.dataDir ?? undefined };
}

async function rebuild(snapshot: Snapshot, modules: readonly string[], dataDir: string | undefined): Promise<Trained> {
  const { variant: name, config, data, seed, emaDecay } = snapshot.manifest;
  const own = (await findVariants(modules)).find((one) => one.name === name);
  const listing = own ?? ((await findVariants([name]))[0] as VariantListing);
  const [variant, dataset] = await Promise.all([loadVariant(listing), loadDataset(data.name, { dataDir, ...sizeOf(data.shape) })]);
  const trainer = new Trainer({ variant, dataset, config, seed, emaDecay });
  trainer.restore(snapshot);
  return { trainer, dataset, manifest: snapshot.manifest };
}
