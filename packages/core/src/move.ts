import * as tf from '@tensorflow/tfjs';
import type { DrawnBatch } from './feed.js';
import { lookup } from './lookup.js';
import type { Optimizer } from './optimizers.js';
import type { Random } from './random.js';
import type { Losses, Model, Move, Plan, Player } from './variant.js';

export interface MoveResult {
  /** `total` first, then the player's own scalars. */
  readonly names: readonly string[];
  /** [names.length]; the caller disposes it. */
  readonly values: tf.Tensor1D;
  /** For later players of the step; the caller disposes them. */
  readonly shared: Readonly<Record<string, tf.Tensor>>;
}

/** Everything that a move depends on besides the variables. Every tensor here may differ from move to move. */
export interface MoveInputs {
  readonly batch: DrawnBatch;
  readonly random: Random;
  readonly plan: Plan;
  /** The plan's scalars. */
  readonly scalars: Readonly<Record<string, tf.Scalar>>;
  /** What the moves before this one shared. */
  readonly earlier: Readonly<Record<string, tf.Tensor>>;
  /** The optimizer's coefficients for this update. */
  readonly coefficients: Readonly<Record<'rate' | 'epsilon', tf.Scalar>>;
}

/**
 * One move of one player, operation by operation: prepare, loss and gradients, update, clean up after the update.
 * Nothing is read on the host.
 */
export function runMove(model: Model, player: Player, optimizer: Optimizer, inputs: MoveInputs): MoveResult {
  const { batch, random, plan, scalars, earlier, coefficients } = inputs;
  const what = `what the moves before ${player.name}'s shared`;
  const context = (shared: Readonly<Record<string, tf.Tensor>>): Move => ({
    networks: model.networks,
    state: lookup("the model's state", model.state ?? {}),
    batch,
    random,
    scalars: lookup("the plan's scalars", scalars),
    shared: lookup(what, shared),
    plan: pick(plan, ['phase', 'resolution']),
  });
  return tf.tidy(() => {
    const prepared = player.beforeMove?.(context(earlier)) ?? {};
    const move = context({ ...earlier, ...prepared });

    // The gradient's own scope ends with it; what must outlive it is kept under a handle of its own.
    let log: Record<string, tf.Scalar> = {};
    let shared: Record<string, tf.Tensor> = {};
    const { value, grads } = gradientsOf(() => {
      const losses: Losses = player.loss(move);
      log = mapValues(losses.log ?? {}, keepCopy);
      shared = mapValues(losses.shared ?? {}, keepCopy);
      return losses.total;
    }, optimizer.weights);
    optimizer.apply(
      optimizer.weights.map((weight) => grads[weight.name]),
      coefficients,
    );
    player.afterMove?.(move);

    const values = tf.stack([value, ...Object.values(log)]) as tf.Tensor1D;
    tf.dispose(log);
    return { names: ['total', ...Object.keys(log)], values, shared };
  });
}

/** As `tf.variableGrads`, which leaves behind what its tape saved when the loss throws. */
function gradientsOf(loss: () => tf.Scalar, weights: readonly tf.Variable[]): ReturnType<typeof tf.variableGrads> {
  try {
    return tf.variableGrads(loss, [...weights]);
  } catch (error) {
    const { state } = tf.engine() as unknown as { state: { activeTape: { saved?: tf.Tensor[] }[] | null } };
    tf.dispose((state.activeTape ?? []).flatMap(({ saved }) => saved ?? []));
    state.activeTape = null;
    throw error;
  }
}

function pick<T extends object, K extends keyof T>(from: T, names: readonly K[]): Pick<T, K> {
  return Object.fromEntries(names.filter((name) => name in from).map((name) => [name, from[name]])) as Pick<T, K>;
}

function keepCopy<T extends tf.Tensor>(tensor: T): T {
  return tf.keep(tensor.clone());
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
