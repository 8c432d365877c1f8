import * as tf from '@tensorflow/tfjs';
import type { Program, RecordedRun, Tracer } from './engine.js';
import { EngineError } from './errors.js';
import { type GroupResult, type Movable, type MoveGroup, runMoves, Turns } from './move.js';
import type { Optimizer } from './optimizers.js';
import type { Draw, Random } from './random.js';
import { namedVariables } from './weights.js';

/**
 * Results of a recorded and a compiled move from one state may differ by this, relative in L2: on GPUs kernels differ in their
 * last bits, and so units near the kink of a ReLU fall on either side of it. With a leaky ReLU's slope of .2 and images of
 * 8 pixels up, gradients came out 1e-4 to 3e-3 apart; a move that is compiled wrongly is wrong as a whole.
 */
const TOLERANCE = 1e-2;

/**
 * Runs groups of moves as one call each. While they run, the values of all variables live in the engine; `sync` gives them back to
 * the TF.js variables for whoever reads these, and `release` for whoever changes them.
 *
 * The first two groups of each kind run eagerly and are recorded. Their results are compared and thrown away, and the
 * compiled group's are kept: a resumed run, which records again, so goes through the same values as an uninterrupted
 * one. A recording is accepted when the second one is the same graph and when, on the second time - inputs, step and
 * learning rate that the graph has not seen - both results agree. Otherwise the group's moves are tried one by one, and one
 * that is refused alone stays eager; `refusals` says why.
 */
export class TracedMoves {
  /** Why a player's moves, or those of a group (`critic + generator`), are not one call. */
  readonly refusals = new Map<string, string>();
  private readonly compiled = new Map<string, CompiledGroup>();
  /** Every variable that a move may read or change. */
  private readonly variables: readonly tf.Variable[];
  private program: Program | undefined;
  /** The TF.js variables have the newest values. */
  private synced = true;
  /** The program has the newest values. */
  private loaded = false;

  constructor(
    private readonly tracer: Tracer,
    private readonly movable: Movable,
    optimizers: Iterable<Optimizer>,
  ) {
    const { model, average } = movable;
    const slots = [...optimizers].flatMap((optimizer) => Object.values(optimizer.slots).flat());
    const averages = (average?.named() ?? []).map(({ variable }) => variable);
    this.variables = [...namedVariables(model.networks).map(({ variable }) => variable), ...slots, ...averages, ...Object.values(model.state ?? {})];
  }

  async run(group: MoveGroup): Promise<GroupResult> {
    const name = group.moves.map(({ player }) => player.name).join(' + ');
    if (this.refusals.has(name)) return group.moves.length > 1 ? this.runInTurn(group) : this.runEagerly(group);
    const kind = kindOf(group);
    const known = this.compiled.get(kind);
    if (known?.accepted === true) return this.runCompiled(known, group);
    this.sync();
    let recorded: RecordedGroup | undefined;
    try {
      recorded = this.record(group);
      if (known) known.check(recorded);
      return known ? await this.runAndCompare(known, recorded, group) : this.runCompiled(this.add(kind, recorded), group);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      this.refusals.set(name, error.message);
      return await this.run(withNewDraws(group));
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

  private async runInTurn(group: MoveGroup): Promise<GroupResult> {
    const turns = new Turns(group);
    try {
      for (const one of turns.groups()) turns.results.push(await this.run(one));
      return turns.joined();
    } catch (error) {
      turns.dispose();
      throw error;
    }
  }

  private runEagerly(group: MoveGroup): GroupResult {
    this.release();
    return runMoves(this.movable, group);
  }

  private runCompiled(compiled: CompiledGroup, group: MoveGroup): GroupResult {
    const program = this.program as Program;
    if (!this.loaded) program.load();
    this.loaded = true;
    this.synced = false;
    const { names, draws: recordedDraws, shared: sharedNames } = compiled.recorded;
    const randoms = group.moves.map(({ random }) => random.fork()); // from their start, also when a recording has drawn from them
    const draws = recordedDraws.map(({ move, draw }) => draw.again(randoms[move] as Random));
    const [values, ...shared] = program.run(compiled.number, [...tensorsOf(group), ...draws]) as [tf.Tensor1D, ...tf.Tensor[]];
    tf.dispose(draws);
    return { names, values, shared: Object.fromEntries(sharedNames.map((name, i) => [name, shared[i] as tf.Tensor])) };
  }

  /**
   * Runs the moves, and accepts the graph when their results are those of a recording of the very same moves.
   * @throws {EngineError} when they are not; then nothing has changed.
   */
  private async runAndCompare(compiled: CompiledGroup, same: RecordedGroup, group: MoveGroup): Promise<GroupResult> {
    const before = this.variables.map((variable) => tf.keep(tf.clone(variable)));
    const result = this.runCompiled(compiled, group);
    this.sync();
    try {
      const changed = same.updates.map((variable) => this.variables[variable] as tf.Variable);
      await checkAgreement([result.values, ...Object.values(result.shared), ...changed], same.run.outputs);
      compiled.accepted = true;
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
  private add(kind: string, recorded: RecordedGroup): CompiledGroup {
    this.program ??= this.tracer.program(this.variables);
    const compiled = new CompiledGroup(recorded, this.program.add(recorded.run, recorded.updates));
    this.loaded = false; // the program begins anew
    this.compiled.set(kind, compiled);
    return compiled;
  }

  /** Runs moves eagerly under the recorder and puts the variables back. */
  private record(group: MoveGroup): RecordedGroup {
    const { variables } = this;
    giveOwnData(variables);
    const before = variables.map((variable) => tf.keep(tf.clone(variable)));
    const draws: RecordedDraw[] = [];
    let recorded: Omit<RecordedGroup, 'run' | 'draws'> | undefined;
    try {
      const run = this.tracer.record([...variables, ...tensorsOf(group)], (argument) => {
        const moves = group.moves.map((one, move) => {
          const random = one.random.observed((draw) => {
            argument(draw.tensor);
            draws.push({ move, draw });
          });
          return { ...one, random };
        });
        const { names, values, shared } = runMoves(this.movable, { ...group, moves });
        const updates = variables.flatMap(({ dataId }, i) => (dataId !== (before[i] as tf.Tensor).dataId ? [i] : []));
        recorded = { names, shared: Object.keys(shared), updates };
        return [values, ...Object.values(shared), ...updates.map((i) => tf.clone(variables[i] as tf.Variable))];
      });
      return { ...(recorded as Omit<RecordedGroup, 'run' | 'draws'>), run, draws };
    } finally {
      variables.forEach((variable, i) => variable.assign(before[i] as tf.Tensor));
      tf.dispose(before);
    }
  }
}

/** Its outputs are the scalars of the log, the shared tensors, and the new values of variables. */
interface RecordedGroup {
  readonly run: RecordedRun;
  readonly names: readonly string[];
  /** Names of the shared tensors. */
  readonly shared: readonly string[];
  /** The variables that it changes, by number. */
  readonly updates: readonly number[];
  /** In the order in which they were made. */
  readonly draws: readonly RecordedDraw[];
}

interface RecordedDraw {
  /** Which of the group's moves drew it. */
  readonly move: number;
  readonly draw: Draw;
}

class CompiledGroup {
  /** A second recording was the same graph with the same results. */
  accepted = false;

  constructor(
    readonly recorded: RecordedGroup,
    /** In the program. */
    readonly number: number,
  ) {}

  /** @throws {EngineError} when another recording of the same kind of group is another graph. */
  check(second: RecordedGroup): void {
    const difference = this.recorded.run.difference(second.run);
    if (difference === undefined) return;
    throw new EngineError(`Two moves in a row are not the same computation: ${difference}.`, {
      remedy: 'What varies must come through the batch, `random`, or the plan\'s scalars.',
    });
  }
}

/** What makes two groups the same kind: one graph serves a phase and a set of shapes. */
function kindOf(group: MoveGroup): string {
  const { phase, resolution } = group.plan;
  const moves = group.moves.map(({ player, batch }) => [player.name, batch.size]);
  return JSON.stringify([moves, phase, resolution, group.endsStep, tensorsOf(group).map(({ shape }) => shape)]);
}

/** The group's tensors in a fixed order. */
function tensorsOf({ moves, scalars, earlier }: MoveGroup): tf.Tensor[] {
  return [scalars, earlier, ...moves.flatMap(({ batch, coefficients }) => [batch.tensors, coefficients])].flatMap((record) =>
    Object.keys(record)
      .sort()
      .map((name) => record[name as keyof typeof record] as tf.Tensor),
  );
}

/** The group with its random streams at their start. */
function withNewDraws(group: MoveGroup): MoveGroup {
  return { ...group, moves: group.moves.map((move) => ({ ...move, random: move.random.fork() })) };
}

/** Variables that share their data (`tf.variable(w.clone())`) would be one input; each gets a copy. */
function giveOwnData(variables: readonly tf.Variable[]): void {
  const seen = new Set<tf.DataId>();
  for (const variable of variables) {
    if (seen.has(variable.dataId)) tf.tidy(() => variable.assign(tf.add(variable, tf.zerosLike(variable))));
    seen.add(variable.dataId);
  }
}

async function checkAgreement(traced: readonly tf.Tensor[], eager: readonly tf.Tensor[]): Promise<void> {
  const norms = tf.tidy(() =>
    tf.stack(
      traced.flatMap((one, i) => {
        const [x, y] = [tf.cast(one, 'float32'), tf.cast(eager[i] as tf.Tensor, 'float32')];
        return [tf.norm(tf.sub(x, y)), tf.norm(y)];
      }),
    ),
  );
  const numbers = await norms.data();
  norms.dispose();
  traced.forEach((_, i) => {
    const [difference, size] = [numbers[2 * i] as number, numbers[2 * i + 1] as number];
    if (difference <= TOLERANCE * size + Number.EPSILON) return;
    throw new EngineError(`The compiled move's output ${i} differs from the eager one's by ${difference} (L2; its size is ${size}).`, {
      remedy: 'Report this as a bug; the trainer goes on eagerly.',
    });
  });
}
