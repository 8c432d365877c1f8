import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { remove } from '@ganzoo/core/node';
import type { Picture } from '../judges/index.js';

/** The working folder of one cell: `cells/<id>/` of a run. */
export class CellFolder {
  constructor(
    /** The folder `cells` of the run. */
    private readonly root: string,
    readonly id: string,
  ) {}

  get path(): string {
    return path.join(this.root, this.id);
  }

  get journal(): string {
    return path.join(this.path, 'journal.json');
  }

  get last(): string {
    return path.join(this.path, 'last.safetensors');
  }

  get hasCheckpoint(): boolean {
    return existsSync(this.last);
  }

  best(step: number): string {
    return path.join(this.path, `best-${padded(step)}.safetensors`);
  }

  /** The best checkpoint that is there. */
  async findBest(): Promise<string | undefined> {
    const name = (await this.bestFiles()).at(-1);
    return name === undefined ? undefined : path.join(this.path, name);
  }

  /** Removes the best checkpoints of other steps. */
  async keepBest(step: number): Promise<void> {
    const kept = path.basename(this.best(step));
    for (const name of await this.bestFiles()) if (name !== kept) await remove(path.join(this.path, name));
  }

  /** File name of a picture of samples, relative to the run's folder `cells`. */
  picture(step: number | 'real', extension: Picture['extension']): string {
    return `${this.id}/grid-${step === 'real' ? step : padded(step)}.${extension}`;
  }

  /** Of real images, for all cells of the run. */
  get features(): string {
    return path.join(this.root, 'features');
  }

  resolve(file: string): string {
    return path.join(this.root, file);
  }

  private async bestFiles(): Promise<string[]> {
    const names = existsSync(this.path) ? await readdir(this.path) : [];
    return names.filter((name) => /^best-\d+\.safetensors$/.test(name)).sort();
  }
}

function padded(step: number): string {
  return String(step).padStart(6, '0');
}
