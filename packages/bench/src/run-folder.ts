import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { canonicalJson, DataError, GanzooError, UsageError } from '@ganzoo/core';
import { withLock, writeFileAtomic } from '@ganzoo/core/node';
import type { Calibration } from './budget.js';
import type { CellResult } from './cell/result.js';
import type { EngineFacts } from './engine-facts.js';
import type { BenchSettings } from './settings.js';

/** `config.json` of a run folder: what was asked for, and what that came to on this machine. */
export interface RunConfig {
  readonly format: 'ganzoo-run';
  readonly version: 1;
  readonly settings: BenchSettings;
  readonly dataDir: string | null;
  readonly engine: EngineFacts;
  /** Cells that train at the same time, and share the processor. */
  readonly jobs: number;
  /** Generator steps of the cells, by `variant on data`. */
  readonly budgets: Readonly<Record<string, number>>;
  /** Why they are fewer than the suite's. */
  readonly calibrations: Readonly<Record<string, Calibration>> | null;
  readonly cells: readonly string[];
}

/** What is locked; the lock itself is a folder `.run.lock`. */
const LOCK = '.run';

/** A run folder belongs to something else, or is not one. */
class RunFolderError extends GanzooError {}

/**
 * ```
 * config.json            what was asked for, and what it came to
 * cells/<id>.json        a result, written when the cell has ended
 * cells/<id>/            its checkpoints, grids and journal
 * report.html
 * ```
 */
export class RunFolder {
  readonly path: string;

  constructor(folder: string) {
    this.path = path.resolve(folder);
  }

  get cells(): string {
    return path.join(this.path, 'cells');
  }

  get report(): string {
    return path.join(this.path, 'report.html');
  }

  private get configFile(): string {
    return path.join(this.path, 'config.json');
  }

  /**
   * @returns undefined when the folder is not there or empty.
   * @throws {RunFolderError} when it holds something else than a run.
   */
  async readConfig(): Promise<RunConfig | undefined> {
    if (!existsSync(this.configFile)) {
      if (existsSync(this.path) && readdirSync(this.path).some((name) => name !== `${LOCK}.lock`)) {
        throw new RunFolderError(`'${this.path}' is not a run folder: it has files but no config.json.`, { remedy: 'Choose an empty or a new folder with --out.' });
      }
      return undefined;
    }
    const config = await readJson<RunConfig>(this.configFile);
    if (config.format !== 'ganzoo-run') throw new RunFolderError(`'${this.configFile}' does not describe a run of ganzoo.`, { remedy: 'Choose another folder with --out.' });
    return config;
  }

  async writeConfig(config: RunConfig): Promise<void> {
    await writeFileAtomic(this.configFile, `${JSON.stringify(config, null, 2)}\n`);
  }

  /** @throws {DataError} when the file is there but damaged. */
  async readResult(id: string): Promise<CellResult | undefined> {
    const file = path.join(this.cells, `${id}.json`);
    return existsSync(file) ? readJson<CellResult>(file) : undefined;
  }

  async writeResult(result: CellResult): Promise<void> {
    await writeFileAtomic(path.join(this.cells, `${result.id}.json`), `${JSON.stringify(result, null, 1)}\n`);
  }

  /** Results of all cells that have ended, in the order of their file names. */
  async readResults(): Promise<CellResult[]> {
    const names = existsSync(this.cells) ? readdirSync(this.cells).filter((name) => name.endsWith('.json')) : [];
    return Promise.all(names.sort().map((name) => readJson<CellResult>(path.join(this.cells, name))));
  }

  /** Runs `work` while no other process works in the folder. */
  async locked<T>(work: () => Promise<T>, onWait: () => void): Promise<T> {
    return withLock(path.join(this.path, LOCK), work, onWait);
  }
}

async function readJson<T>(file: string): Promise<T> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch (cause) {
    throw new DataError(`'${file}' is damaged: it is not JSON.`, { remedy: 'Delete it to have it made again, or restore it from a copy.', cause });
  }
}

/**
 * A run goes on only with the settings that it was begun with.
 * @throws {RunFolderError} naming the first setting that differs.
 */
export function checkSettings(folder: string, found: BenchSettings, asked: BenchSettings): void {
  for (const key of Object.keys(asked) as (keyof BenchSettings)[]) {
    const [there, here] = [canonicalJson(found[key]), canonicalJson(asked[key])];
    if (there === here) continue;
    throw new RunFolderError(`The run folder '${folder}' belongs to another bench: its ${key} is ${there}, this one's is ${here}.`, {
      remedy: `Choose another folder with --out, or go on with that bench by --resume ${folder}.`,
    });
  }
}

/** @throws {RunFolderError} when the engine, its device or a version is not what the run was begun with. */
export function checkSameCells(folder: string, found: RunConfig, engine: EngineFacts, cells: readonly string[]): void {
  const [there, here] = [`${found.engine.name} (${found.engine.device})`, `${engine.name} (${engine.device})`];
  if (there !== here) {
    throw new RunFolderError(`The run in '${folder}' was begun on the engine ${there}; this is ${here}.`, { remedy: 'Results of two engines do not mix: choose another folder with --out.' });
  }
  if (canonicalJson(found.cells) !== canonicalJson(cells)) {
    throw new RunFolderError(`The run in '${folder}' was begun with other versions of ganzoo's packages or of its engine.`, { remedy: 'Results of two versions do not mix: choose another folder with --out.' });
  }
}

/** @throws {UsageError} when there is no run. */
export async function existingRun(folder: string): Promise<{ run: RunFolder; config: RunConfig }> {
  const run = new RunFolder(folder);
  const config = await run.readConfig();
  if (config === undefined) throw new UsageError(`There is no run in '${run.path}'.`, { remedy: 'Give the folder that a bench or a training wrote (--out).' });
  return { run, config };
}
