import * as tf from '@tensorflow/tfjs';
import type { Tracer } from './engine.js';
import { NonFiniteError } from './errors.js';
import type { Feed } from './feed.js';
import { type Movable, type MoveGroup, type PlannedMove, runMoves } from './move.js';
import type { Optimizer } from './optimizers.js';
import { Random } from './random.js';
import { TracedMoves } from './traced-moves.js';
import type { Plan, Player } from './variant.js';

export interface StepRunnerOptions extends Movable {
  /** By the name of the player. */
  readonly optimizers: ReadonlyMap<string, Optimizer>;
  readonly feed: Feed;
  readonly seed: number;
  readonly tracer?: Tracer | undefined;
}

/** Called after every move, with its losses by `player.name`. */
export type OnMove = (player: Player, losses: Readonly<Record<string, number>>) => Promise<void>;

/** A move of a player in a step: its number among the player's. */
interface TurnOf {
  readonly player: Player;
  readonly index: number;
}

/** Makes training steps: a plan's moves, in the order of the players, then the weight average; traced where there is a tracer. */
export class StepRunner {
  private readonly traced: TracedMoves | undefined;

  constructor(private readonly options: StepRunnerOptions) {
    this.traced = options.tracer && new TracedMoves(options.tracer, options, options.optimizers.values());
  }

  /**
   * One step.
   * @param onMove whoever looks after every move; then each move is a call of its own.
   * @returns losses by `player.name`, those of the player's last move.
   * @throws {NonFiniteError} when a loss is NaN or infinite.
   */
  async run(step: number, plan: Plan, onMove?: OnMove): Promise<Record<string, number>> {
    const groups = groupsOf(this.options.model.players, plan, onMove !== undefined);
    const losses: Record<string, number> = {};
    const earlier: Record<string, tf.Tensor> = {};
    const scalars = asScalars(plan.scalars ?? {});
    try {
      for (const [i, group] of groups.entries()) {
        const moved = await this.runGroup(step, group, { plan, scalars, earlier, endsStep: i === groups.length - 1 });
        Object.assign(losses, moved);
        await onMove?.((group[0] as TurnOf).player, moved);
      }
    } finally {
      tf.dispose([earlier, scalars]);
    }
    return losses;
  }

  /** Why moves are not traced, see {@link TracedMoves.refusals}. */
  get untraced(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.traced?.refusals ?? []);
  }

  /** Before the variables are read. */
  sync(): void {
    this.traced?.sync();
  }

  /** Before the variables are changed. */
  release(): void {
    this.traced?.release();
  }

  dispose(): void {
    this.traced?.dispose();
  }

  /** @returns the losses of the moves; what they share is in `earlier` then. */
  private async runGroup(step: number, turns: readonly TurnOf[], common: Omit<MoveGroup, 'moves'> & { readonly earlier: Record<string, tf.Tensor> }): Promise<Record<string, number>> {
    const { earlier } = common;
    const moves: PlannedMove[] = [];
    try {
      for (const turn of turns) moves.push(await this.prepare(step, turn, common.plan));
      const group = { ...common, moves };
      const { names, values, shared } = this.traced ? await this.traced.run(group) : runMoves(this.options, group);
      for (const { optimizer } of moves) optimizer.updates += 1;
      for (const [name, tensor] of Object.entries(shared)) {
        earlier[name]?.dispose(); // a player that moves several times shares its last move
        earlier[name] = tensor;
      }
      const numbers = await values.data();
      values.dispose();
      names.forEach((name, i) => {
        const value = numbers[i] as number;
        if (!Number.isFinite(value)) throw new NonFiniteError(name, value, step);
      });
      return Object.fromEntries(names.map((name, i) => [name, numbers[i] as number]));
    } finally {
      for (const { batch, coefficients } of moves) {
        batch.dispose();
        tf.dispose({ ...coefficients });
      }
    }
  }

  private async prepare(step: number, { player, index }: TurnOf, { scalars, batchSize, resolution }: Plan): Promise<PlannedMove> {
    const { model, optimizers, feed, seed } = this.options;
    const optimizer = optimizers.get(player.name) as Optimizer;
    const learningRate = scalars?.[`${player.name}.learningRate`] ?? scalars?.learningRate ?? player.optimizer.learningRate;
    const batch = await feed.draw(player.needs, batchSize ?? model.batchSize, resolution);
    const random = Random.of(seed, 'move', step, player.name, index);
    return { player, optimizer, batch, random, coefficients: asScalars(optimizer.coefficients(learningRate)) };
  }
}

/**
 * A step's moves in groups that are made in one go: a player that moves once together with its neighbours that do, every
 * other move alone. What two moves of a group compute alike, such as the fakes from the same latents, is computed once then.
 */
function groupsOf(players: readonly Player[], plan: Plan, apart: boolean): TurnOf[][] {
  const groups: TurnOf[][] = [];
  let open: TurnOf[] | undefined;
  for (const player of players) {
    const moves = plan.moves?.[player.name] ?? 1;
    const alone = apart || moves !== 1;
    for (let index = 0; index < moves; index++) {
      if (open && !alone) open.push({ player, index });
      else groups.push((open = [{ player, index }]));
    }
    if (alone) open = undefined;
  }
  return groups;
}

function asScalars<Name extends string>(numbers: Readonly<Record<Name, number>>): Record<Name, tf.Scalar> {
  return Object.fromEntries(Object.entries<number>(numbers).map(([name, value]) => [name, tf.scalar(value)])) as Record<Name, tf.Scalar>;
}
