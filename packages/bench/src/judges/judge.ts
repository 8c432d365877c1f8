import type { Score, Trainer } from '@ganzoo/core';
import type { ScoredSplit } from '@ganzoo/metrics';
import type { CellResult, Rung } from '../cell/result.js';

/** A picture file's content. */
export interface Picture {
  readonly extension: 'png' | 'svg';
  readonly bytes: Uint8Array;
}

/** Scores what a model makes on one kind of data, and draws it. One for images, one for vectors, one for translations. */
export interface Judge {
  /** Whose features the scores compare; null when they compare the samples themselves. */
  readonly extractor: CellResult['extractor'];
  /**
   * Scores of the model as it is; by the first one checkpoints are chosen and variants ranked. On the validation split
   * that one suffices. Equal weights give equal scores: whatever is drawn comes from fixed streams.
   */
  score(trainer: Trainer, split: ScoredSplit): Promise<Score[]>;
  /** Yardsticks on the test split: something known to be bad, scored in the same way. */
  rungs(): Promise<Rung[]>;
  /** What the model makes now. From the same inputs at every call, so that a viewer sees it change. */
  draw(trainer: Trainer): Promise<Picture>;
  /** Real data beside it, the same for every cell of a data set; none where `draw` shows them itself. */
  drawReal(): Promise<Picture | undefined>;
  dispose(): void;
}
