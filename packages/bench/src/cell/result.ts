import type { Paper, PassedOver, Score } from '@ganzoo/core';
import type { CellIdentity } from './identity.js';

/** Means of the losses over a window of steps that ends with `step`. */
export interface LossPoint {
  readonly step: number;
  /** By `player.name`. */
  readonly losses: Readonly<Record<string, number>>;
}

/** Scores of the generator as it was after `step` steps. */
export interface ScorePoint {
  readonly step: number;
  readonly scores: readonly Score[];
}

/** Something known to be bad, scored as if it were generated: real images with noise mixed in, an untrained encoder. */
export interface Rung {
  /** `noise .25`: a quarter of noise; `identity mapping`. */
  readonly name: string;
  readonly scores: readonly Score[];
}

export interface GridFile {
  readonly step: number;
  /** Relative to the folder `cells` of the run. */
  readonly file: string;
}

export interface Seconds {
  /** Steps: data, moves, reading of losses. */
  readonly training: number;
  /** Generating samples, features, scores. */
  readonly evaluation: number;
  /** Loading, checkpoints, grids. */
  readonly other: number;
}

export interface Failure {
  readonly reason: string;
  readonly remedy: string;
  readonly stack?: string;
}

/** What the report reads of a cell: one JSON file, written when the cell has ended, also when it has failed. */
export interface CellResult extends CellIdentity {
  readonly format: 'ganzoo-cell';
  readonly version: 1;
  readonly id: string;
  readonly status: 'finished' | 'failed';
  readonly failure?: Failure;
  readonly paper: Paper;
  /** Generator steps made. */
  readonly steps: number;
  /** Real images shown to the players. */
  readonly imagesShown: number;
  readonly seconds: Seconds;
  /** Why moves ran operation by operation although the cell is traced, by player. */
  readonly untraced: Readonly<Record<string, string>>;
  /** Real images shown per second of training. */
  readonly imagesPerSecond: number;
  /** Median. */
  readonly msPerStep: number;
  /** Of the networks in the last checkpoint; null when none was written. */
  readonly weightsSha256: string | null;
  readonly losses: readonly LossPoint[];
  /** On the validation split. */
  readonly scores: readonly ScorePoint[];
  /** The checkpoint with the lowest Fréchet distance on the validation split; scored on the test split. */
  readonly best: ScorePoint | null;
  /** The last checkpoint, scored on the test split. */
  readonly last: ScorePoint | null;
  /** Yardsticks on the test split. */
  readonly rungs: readonly Rung[];
  readonly extractor: { readonly name: string; readonly weightsSha256: string; readonly testAccuracy: number | null } | null;
  readonly peakRssBytes: number;
  /** Engines that were tried before the one that ran. */
  readonly passedOver: readonly PassedOver[];
  readonly grids: { readonly real: string | null; readonly generated: readonly GridFile[] };
  /** ISO 8601. */
  readonly finishedAt: string;
}
