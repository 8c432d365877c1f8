import * as tf from '@tensorflow/tfjs';
import type { WeightAverage } from './average.js';
import type { DrawnBatch } from './feed.js';
import { lookup } from './lookup.js';
import type { Optimizer } from './optimizers.js';
import type { Random } from './random.js';
import type { Losses, Model, Move, Plan, Player } from './variant.js';

/** A move that is to be made, with everything that it alone depends on besides the variables. Its tensors may differ from move to move. */
export interface PlannedMove {
  readonly player: Player;
  readonly optimizer: Optimizer;
  readonly batch: DrawnBatch;
  readonly random: Random;
  /** The optimizer's coefficients for this update. */
  readonly coefficients: Readonly<Record<'rate' | 'epsilon', tf.Scalar>>;
}

/** Moves of a step that are made in one go, in their order, and what they depend on together. */
export interface MoveGroup {
  /** No player moves twice. */
  readonly moves: readonly PlannedMove[];
  readonly plan: Plan;
  /** The plan's scalars. */
  readonly scalars: Readonly<Record<string, tf.Scalar>>;
  /** What the moves before these shared. */
  readonly earlier: Readonly<Record<string, tf.Tensor>>;
  /** The step ends with these moves: the weight average follows, and nobody wants what they shared. */
  readonly endsStep: boolean;
}

export interface GroupResult {
  /** Scalars by `player.name`: `discriminator.total`. */
  readonly names: readonly string[];
  /** [names.length]; the caller disposes it. */
  readonly values: tf.Tensor1D;
  /** For later moves of the step; the caller disposes them. */
  readonly shared: Readonly<Record<string, tf.Tensor>>;
}

/** What moves change. */
export interface Movable {
  readonly model: Model;
  readonly average?: WeightAverage | undefined;
}

/** Makes the moves operation by operation. Nothing is read on the host. */
export function runMoves({ model, average }: Movable, group: MoveGroup): GroupResult {
  const turns = new Turns(group);
  try {
    for (const one of turns.groups()) {
      turns.results.push(runMove(model, one.moves[0] as PlannedMove, one));
      if (one.endsStep) average?.update();
    }
    return turns.joined();
  } catch (error) {
    turns.dispose();
    throw error;
  }
}

/** A group's moves one by one, each a group of its own that sees what those before it shared. */
export class Turns {
  /** Of the moves made so far; whoever makes one adds its result. */
  readonly results: GroupResult[] = [];

  constructor(private readonly group: MoveGroup) {}

  *groups(): Generator<MoveGroup> {
    const { group, results } = this;
    for (const [i, move] of group.moves.entries()) {
      const endsStep = group.endsStep && i === group.moves.length - 1;
      yield { ...group, moves: [move], earlier: { ...group.earlier, ...sharedBy(results) }, endsStep };
    }
  }

  /** The result of all; the parts are disposed. */
  joined(): GroupResult {
    return joined(this.results, this.group.endsStep);
  }

  dispose(): void {
    tf.dispose(this.results.map(({ values, shared }) => [values, { ...shared }]));
  }
}

/** Keeps what the last that shared it shared under a name, or nothing of it at the step's end. */
function joined(results: readonly GroupResult[], endsStep: boolean): GroupResult {
  const shared = endsStep ? {} : sharedBy(results);
  const values = tf.concat(results.map((result) => result.values)) as tf.Tensor1D;
  tf.dispose(results.map((result) => result.values));
  const kept = new Set(Object.values(shared));
  for (const result of results) tf.dispose(Object.values(result.shared).filter((tensor) => !kept.has(tensor)));
  return { names: results.flatMap(({ names }) => names), values, shared };
}

/** Later ones go before earlier ones. */
function sharedBy(results: readonly GroupResult[]): Record<string, tf.Tensor> {
  return Object.assign({}, ...results.map(({ shared }) => shared)) as Record<string, tf.Tensor>;
}

/** Prepare, loss and gradients, update, clean up after the update. */
function runMove(model: Model, { player, optimizer, batch, random, coefficients }: PlannedMove, { plan, scalars, earlier }: Pick<MoveGroup, 'plan' | 'scalars' | 'earlier'>): GroupResult {
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
    return { names: ['total', ...Object.keys(log)].map((name) => `${player.name}.${name}`), values, shared };
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
