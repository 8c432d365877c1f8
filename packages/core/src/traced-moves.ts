import * as tf from '@tensorflow/tfjs';
import type { Program, RecordedRun, Tracer } from './engine.js';
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
 * Runs moves as one call each. While they run, the values of all variables live in the engine; `sync` gives them back to the TF.js
 * variables for whoever reads these, and `release` for whoever changes them.
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
  /** Every variable that a move may read or change. */
  private readonly variables: readonly tf.Variable[];
  private program: Program | undefined;
  /** The TF.js variables have the newest values. */
  private synced = true;
  /** The program has the newest values. */
  private loaded = false;

  constructor(
    private readonly tracer: Tracer,
    private readonly model: Model,
    optimizers: Iterable<Optimizer>,
  ) {
    const slots = [...optimizers].flatMap((optimizer) => Object.values(optimizer.slots).flat());
    this.variables = [...namedVariables(model.networks).map(({ variable }) => variable), ...slots, ...Object.values(model.state ?? {})];
  }

  run(player: Player, optimizer: Optimizer, inputs: MoveInputs): MoveResult {
    if (this.refusals.has(player.name)) return this.runEagerly(player, optimizer, inputs);
    const kind = kindOf(player, inputs);
    const known = this.compiled.get(kind);
    if (known?.accepted === true) return this.runCompiled(known, inputs);
    this.sync();
    let recorded: RecordedMove | undefined;
    try {
      recorded = this.record(player, optimizer, inputs);
      if (known) known.check(recorded);
      const move = known ?? this.add(kind, recorded);
      return known ? this.runAndCompare(move, recorded, inputs) : this.runCompiled(move, inputs);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      this.refusals.set(player.name, error.message);
      return this.runEagerly(player, optimizer, { ...inputs, random: inputs.random.fork() });
    } finally {
      tf.dispose([...(recorded?.run.outputs ?? [])]);
    }
  }

  /** Before the TF.js variables are read. */
  sync(): void {
    if (this.synced) return;
    this.program?.store();
    this.synced = true;
  }

  /** Before the TF.js variables are changed. */
  release(): void {
    this.sync();
    this.loaded = false;
  }

  dispose(): void {
    this.program?.dispose();
    this.compiled.clear();
  }

  private runEagerly(player: Player, optimizer: Optimizer, inputs: MoveInputs): MoveResult {
    this.release();
    return runMove(this.model, player, optimizer, inputs);
  }

  private runCompiled(move: CompiledMove, inputs: MoveInputs): MoveResult {
    const program = this.program as Program;
    if (!this.loaded) program.load();
    this.loaded = true;
    this.synced = false;
    const random = inputs.random.fork(); // from its start, also when a recording has drawn from it
    const draws = move.recorded.draws.map((draw) => draw.again(random));
    const [values, ...shared] = program.run(move.number, [...tensorsOf(inputs), ...draws]) as [tf.Tensor1D, ...tf.Tensor[]];
    tf.dispose(draws);
    return { names: move.recorded.names, values, shared: Object.fromEntries(move.recorded.shared.map((name, i) => [name, shared[i] as tf.Tensor])) };
  }

  /**
   * Runs the move, and accepts it when its results are those of a recording of the very same move.
   * @throws {EngineError} when they are not; then nothing has changed.
   */
  private runAndCompare(move: CompiledMove, same: RecordedMove, inputs: MoveInputs): MoveResult {
    const before = this.variables.map((variable) => tf.keep(tf.clone(variable)));
    const result = this.runCompiled(move, inputs);
    this.sync();
    try {
      const changed = same.updates.map((variable) => this.variables[variable] as tf.Variable);
      checkAgreement([result.values, ...Object.values(result.shared), ...changed], same.run.outputs);
      move.accepted = true;
      return result;
    } catch (error) {
      tf.dispose([result.values, { ...result.shared }]);
      this.variables.forEach((variable, i) => variable.assign(before[i] as tf.Tensor));
      this.loaded = false;
      throw error;
    } finally {
      tf.dispose(before);
    }
  }

  /** @throws {EngineError} when the recording cannot run as one call. */
  private add(kind: string, recorded: RecordedMove): CompiledMove {
    this.program ??= this.tracer.program(this.variables);
    const move = new CompiledMove(recorded, this.program.add(recorded.run, recorded.updates));
    this.loaded = false; // the program begins anew
    this.compiled.set(kind, move);
    return move;
  }

  /** Runs a move eagerly under the recorder and puts the variables back. */
  private record(player: Player, optimizer: Optimizer, inputs: MoveInputs): RecordedMove {
    const { variables } = this;
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
        const updates = variables.flatMap(({ dataId }, i) => (dataId !== (before[i] as tf.Tensor).dataId ? [i] : []));
        move = { names, shared: Object.keys(shared), updates };
        return [values, ...Object.values(shared), ...updates.map((i) => tf.clone(variables[i] as tf.Variable))];
      });
      return { ...(move as Omit<RecordedMove, 'run' | 'draws'>), run, draws };
    } finally {
      variables.forEach((variable, i) => variable.assign(before[i] as tf.Tensor));
      tf.dispose(before);
    }
  }
}

/** Its outputs are the scalars of the log, the shared tensors, and the new values of variables. */
interface RecordedMove {
  readonly run: RecordedRun;
  readonly names: readonly string[];
  /** Names of the shared tensors. */
  readonly shared: readonly string[];
  /** The variables that it changes, by number. */
  readonly updates: readonly number[];
  readonly draws: readonly Draw[];
}

class CompiledMove {
  /** A second recording was the same graph with the same results. */
  accepted = false;

  constructor(
    readonly recorded: RecordedMove,
    /** In the program. */
    readonly number: number,
  ) {}

  /** @throws {EngineError} when another recording of the same kind of move is another graph. */
  check(second: RecordedMove): void {
    const difference = this.recorded.run.difference(second.run);
    if (difference === undefined) return;
    throw new EngineError(`Two moves in a row are not the same computation: ${difference}.`, {
      remedy: 'What varies must come through the batch, `random`, or the plan\'s scalars.',
    });
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
