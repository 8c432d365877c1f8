import * as tf from '@tensorflow/tfjs';
import type { CompiledRun, RecordedRun, Tracer } from './engine.js';
import { EngineError } from './errors.js';
import { type MoveInputs, type MoveResult, runMove } from './move.js';
import type { Optimizer } from './optimizers.js';
import type { Draw } from './random.js';
import type { Model, Player } from './variant.js';
import { namedVariables } from './weights.js';

/**
 * Results of a recorded and a compiled move from one state may differ by this, relative in L2: kernels differ in their
 * last bits, and so units near the kink of a ReLU fall on either side of it. With a leaky ReLU's slope of .2 and images of
 * 8 pixels up, gradients came out 1e-4 to 3e-3 apart; a move that is compiled wrongly is wrong as a whole.
 */
const TOLERANCE = 1e-2;

/**
 * Runs moves as one call each. The variables stay TF.js variables: a compiled move gets their values as inputs and
 * gives their new values as outputs, so that checkpoints, callbacks and eager moves see nothing else. On the CPU
 * neither copies anything.
 *
 * The first two moves of each kind run eagerly and are recorded. Their results are compared and thrown away, and the
 * compiled move's are kept: a resumed run, which records again, so goes through the same values as an uninterrupted
 * one. A recording is accepted when the second one is the same graph and when, on the second move - inputs, step and
 * learning rate that the graph has not seen - both results agree. Otherwise the player's moves stay eager, and
 * `refusals` says why.
 */
export class TracedMoves {
  /** Why a player's moves are not traced, by player. */
  readonly refusals = new Map<string, string>();
  private readonly compiled = new Map<string, CompiledMove>();

  constructor(
    private readonly tracer: Tracer,
    private readonly model: Model,
  ) {}

  run(player: Player, optimizer: Optimizer, inputs: MoveInputs): MoveResult {
    if (this.refusals.has(player.name)) return runMove(this.model, player, optimizer, inputs);
    const kind = kindOf(player, inputs);
    const known = this.compiled.get(kind);
    if (known?.accepted === true) return known.run(inputs);
    let recorded: RecordedMove | undefined;
    try {
      recorded = this.record(player, optimizer, inputs);
      const move = known ?? new CompiledMove(recorded, this.variablesOf(optimizer));
      this.compiled.set(kind, move);
      if (known) known.check(recorded);
      return move.run(inputs, known && recorded);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      this.refusals.set(player.name, error.message);
      return runMove(this.model, player, optimizer, { ...inputs, random: inputs.random.fork() });
    } finally {
      tf.dispose([...(recorded?.run.outputs ?? [])]);
    }
  }

  dispose(): void {
    for (const move of this.compiled.values()) move.dispose();
    this.compiled.clear();
  }

  /** Runs a move eagerly under the recorder and puts the variables back. */
  private record(player: Player, optimizer: Optimizer, inputs: MoveInputs): RecordedMove {
    const variables = this.variablesOf(optimizer);
    giveOwnData(variables);
    const before = variables.map((variable) => tf.keep(tf.clone(variable)));
    const draws: Draw[] = [];
    let move: Omit<RecordedMove, 'run' | 'draws'> | undefined;
    try {
      const run = this.tracer.record([...variables, ...tensorsOf(inputs)], (argument) => {
        const random = inputs.random.observed((draw) => {
          argument(draw.tensor);
          draws.push(draw);
        });
        const { names, values, shared } = runMove(this.model, player, optimizer, { ...inputs, random });
        const changed = variables.filter(({ dataId }, i) => dataId !== (before[i] as tf.Tensor).dataId);
        move = { names, shared: Object.keys(shared), changed };
        return [values, ...Object.values(shared), ...changed.map((variable) => tf.clone(variable))];
      });
      return { ...(move as Omit<RecordedMove, 'run' | 'draws'>), run, draws };
    } finally {
      variables.forEach((variable, i) => variable.assign(before[i] as tf.Tensor));
      tf.dispose(before);
    }
  }

  /** Every variable that a move may read or change. */
  private variablesOf(optimizer: Optimizer): tf.Variable[] {
    return [
      ...namedVariables(this.model.networks).map(({ variable }) => variable),
      ...Object.values(optimizer.slots).flat(),
      ...Object.values(this.model.state ?? {}),
    ];
  }
}

interface RecordedMove {
  readonly run: RecordedRun;
  readonly names: readonly string[];
  /** Names of the shared tensors. */
  readonly shared: readonly string[];
  readonly changed: readonly tf.Variable[];
  readonly draws: readonly Draw[];
}

/** Outputs are the scalars of the log, the shared tensors, and the changed variables. */
class CompiledMove {
  /** A second recording was the same graph with the same results. */
  accepted = false;
  private readonly compiled: CompiledRun;

  constructor(
    private readonly recorded: RecordedMove,
    private readonly variables: readonly tf.Variable[],
  ) {
    this.compiled = recorded.run.compile();
  }

  /** @throws {EngineError} when another recording of the same kind of move is another graph. */
  check(second: RecordedMove): void {
    const difference = this.recorded.run.difference(second.run);
    if (difference === undefined) return;
    throw new EngineError(`Two moves in a row are not the same computation: ${difference}.`, {
      remedy: 'What varies must come through the batch, `random`, or the plan\'s scalars.',
    });
  }

  /**
   * Runs the move on the current values of the variables and moves them.
   * @param same a recording of the very same move, whose results must agree; makes the move accepted.
   * @throws {EngineError} when they do not; then nothing has changed.
   */
  run(inputs: MoveInputs, same?: RecordedMove): MoveResult {
    const random = inputs.random.fork(); // from its start, also when a recording has drawn from it
    const draws = this.recorded.draws.map((draw) => draw.again(random));
    const outputs = this.compiled.run([...this.variables, ...tensorsOf(inputs), ...draws]);
    tf.dispose(draws);
    if (same) {
      try {
        checkAgreement(outputs, same.run.outputs);
      } catch (error) {
        tf.dispose(outputs);
        throw error;
      }
      this.accepted = true;
    }
    const { names, shared, changed } = this.recorded;
    const [values, ...rest] = outputs as [tf.Tensor1D, ...tf.Tensor[]];
    changed.forEach((variable, i) => {
      const value = rest[shared.length + i] as tf.Tensor;
      variable.assign(value);
      value.dispose();
    });
    return { names, values, shared: Object.fromEntries(shared.map((name, i) => [name, rest[i] as tf.Tensor])) };
  }

  dispose(): void {
    this.compiled.dispose();
  }
}

/** What makes two moves the same kind: one graph serves a phase and a set of shapes. */
function kindOf(player: Player, inputs: MoveInputs): string {
  const { phase, resolution } = inputs.plan;
  return JSON.stringify([player.name, phase, resolution, inputs.batch.size, tensorsOf(inputs).map(({ shape }) => shape)]);
}

/** The move's tensors in a fixed order. */
function tensorsOf({ batch, scalars, earlier, coefficients }: MoveInputs): tf.Tensor[] {
  return [batch.tensors, scalars, earlier, coefficients].flatMap((record) =>
    Object.keys(record)
      .sort()
      .map((name) => record[name as keyof typeof record] as tf.Tensor),
  );
}

/** Variables that share their data (`tf.variable(w.clone())`) would be one input; each gets a copy. */
function giveOwnData(variables: readonly tf.Variable[]): void {
  const seen = new Set<tf.DataId>();
  for (const variable of variables) {
    if (seen.has(variable.dataId)) tf.tidy(() => variable.assign(tf.add(variable, tf.zerosLike(variable))));
    seen.add(variable.dataId);
  }
}

function checkAgreement(traced: readonly tf.Tensor[], eager: readonly tf.Tensor[]): void {
  traced.forEach((one, i) => {
    const [difference, size] = tf.tidy(() => {
      const [x, y] = [tf.cast(one, 'float32'), tf.cast(eager[i] as tf.Tensor, 'float32')];
      return [tf.norm(tf.sub(x, y)).dataSync()[0] as number, tf.norm(y).dataSync()[0] as number];
    });
    if (difference <= TOLERANCE * size + Number.EPSILON) return;
    throw new EngineError(`The compiled move's output ${i} differs from the eager one's by ${difference} (L2; its size is ${size}).`, {
      remedy: 'Report this as a bug; the trainer goes on eagerly.',
    });
  });
}
