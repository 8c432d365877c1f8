import type { Trainer } from '@ganzoo/core';
import { loadCheckpoint, saveCheckpoint, weightsSha256 } from '@ganzoo/core/node';
import type { CellFolder } from './folder.js';
import type { Journal } from './journal.js';

/**
 * A cell's `last` and `best` checkpoint and its journal, written in an order that survives a kill between any two
 * writes: the journal may be ahead of `last`, never behind, and a best checkpoint goes only when a better one is safe.
 */
export class Checkpoints {
  constructor(
    private readonly folder: CellFolder,
    private readonly journal: Journal,
  ) {}

  /** @throws {CheckpointError} when the file is damaged or belongs to another run. */
  static async restoreLast(folder: CellFolder, trainer: Trainer): Promise<void> {
    trainer.restore(await loadCheckpoint(folder.last));
  }

  /**
   * @returns the SHA-256 of the networks' weights.
   * @throws {CheckpointError} when a value is not finite; the checkpoints before it stay.
   */
  async save(trainer: Trainer): Promise<string> {
    const snapshot = await trainer.snapshot();
    const best = this.journal.best?.step;
    if (best === trainer.step) await saveCheckpoint(this.folder.best(best), snapshot);
    await this.journal.save();
    await saveCheckpoint(this.folder.last, snapshot);
    if (best !== undefined) await this.folder.keepBest(best);
    return weightsSha256(snapshot);
  }

  /** Goes to the best checkpoint. */
  async restoreBest(trainer: Trainer): Promise<void> {
    if (this.journal.best) trainer.restore(await loadCheckpoint(this.folder.best(this.journal.best.step)));
  }
}
