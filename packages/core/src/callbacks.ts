import type { Trainer } from './trainer.js';
import type { Player } from './variant.js';

/** What a callback learns after every step. */
export interface StepEvent {
  readonly trainer: Trainer;
  /** Generator steps finished, this one included. */
  readonly step: number;
  /** Scalars by `player.name`: `discriminator.total`. Of the player's last move in this step. */
  readonly losses: Readonly<Record<string, number>>;
  /** Real samples shown so far. */
  readonly imagesShown: number;
  /** Duration of this step: data, moves and the reading of the losses. */
  readonly seconds: number;
}

/** What a callback learns after every move of a player. */
export interface MoveEvent {
  readonly trainer: Trainer;
  readonly player: Player;
  /** Scalars by `player.name`, of this move. */
  readonly losses: Readonly<Record<string, number>>;
}

/** Everything that is not training - progress, samples, scores, checkpoints - hangs on the trainer as one of these. */
export interface Callback {
  onStart?(trainer: Trainer): void | Promise<void>;
  onMove?(event: MoveEvent): void | Promise<void>;
  onStep?(event: StepEvent): void | Promise<void>;
  /** After the last step of a call to `train`, also when it was stopped by its signal; not after an error. */
  onEnd?(trainer: Trainer): void | Promise<void>;
}

/** A callback that runs after every `interval` steps, counted from the start of the run, and after the step `last`. */
export function every(interval: number, work: (event: StepEvent) => void | Promise<void>, last?: number): Callback {
  return {
    async onStep(event) {
      if (event.step % interval === 0 || event.step === last) await work(event);
    },
  };
}
