import * as tf from '@tensorflow/tfjs';
import { lookup } from './lookup.js';
import type { Optimizer } from './optimizers.js';
import type { Losses, Move, Player } from './variant.js';

export interface MoveResult {
  /** `total` first, then the player's own scalars. */
  readonly names: readonly string[];
  /** [names.length]; the caller disposes it. */
  readonly values: tf.Tensor1D;
  /** For later players of the step; the caller disposes them. */
  readonly shared: Readonly<Record<string, tf.Tensor>>;
}

/**
 * One move of one player, operation by operation: prepare, loss and gradients, update, clean up after the update.
 * Nothing is read on the host.
 */
export function runMove(
  player: Player,
  optimizer: Optimizer,
  inputs: Omit<Move, 'shared'>,
  earlier: Readonly<Record<string, tf.Tensor>>,
  learningRate: number,
): MoveResult {
  return tf.tidy(() => {
    const what = `what the moves before ${player.name}'s shared`;
    const prepared = player.beforeMove?.({ ...inputs, shared: lookup(what, earlier) }) ?? {};
    const context: Move = { ...inputs, shared: lookup(what, { ...earlier, ...prepared }) };

    // The gradient's own scope ends with it; what must outlive it is kept under a handle of its own.
    let log: Record<string, tf.Scalar> = {};
    let shared: Record<string, tf.Tensor> = {};
    const { value, grads } = tf.variableGrads(
      () => {
        const losses: Losses = player.loss(context);
        log = mapValues(losses.log ?? {}, keepCopy);
        shared = mapValues(losses.shared ?? {}, keepCopy);
        return losses.total;
      },
      [...optimizer.weights],
    );
    optimizer.apply(optimizer.weights.map((weight) => grads[weight.name]), learningRate);
    player.afterMove?.(context);

    const values = tf.stack([value, ...Object.values(log)]) as tf.Tensor1D;
    tf.dispose(log);
    return { names: ['total', ...Object.keys(log)], values, shared };
  });
}

function keepCopy<T extends tf.Tensor>(tensor: T): T {
  return tf.keep(tensor.clone());
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
