import type * as tf from '@tensorflow/tfjs';

export type EngineName = 'cuda' | 'webgpu' | 'native' | 'wasm' | 'js';

/** Why an engine was not taken, and what would make it work. */
export interface PassedOver {
  readonly name: EngineName;
  readonly reason: string;
  readonly remedy: string;
}

/** A running TensorFlow.js back end. There is one per process. */
export interface Engine {
  readonly name: EngineName;
  /** In words: `CPU, 2 threads`, `NVIDIA H200`. */
  readonly device: string;
  readonly tf: typeof tf;
  /** What a result must be reported with: `{ tfjs: '4.22.0', tensorflow: '2.21.0' }`. */
  readonly versions: Readonly<Record<string, string>>;
  /** Engines that `auto` tried before this one. */
  readonly passedOver: readonly PassedOver[];
  /** Indices to load it with, each in a process of its own: the GPU it uses, and those of the same model. Only where one is chosen by its index. */
  readonly gpus?: readonly number[];
  /** Turns a move into one call; absent where the engine cannot. */
  readonly tracer?: Tracer;
  /** Absent where the engine cannot. */
  readonly float64?: Float64Algebra;
  /** Of an engine that computes on a GPU. */
  readonly meter?: GpuMeter;
}

/** What a GPU can be asked about this process. */
export interface GpuMeter {
  /** Does work and says for how many milliseconds the GPU was busy with the moves in it that ran as one call; undefined where it cannot tell. */
  busy(work: () => Promise<void>): Promise<number | undefined>;
  /** Bytes of the GPU's memory that the process has now, kept for reuse or in use; undefined where nothing says. */
  bytes(): Promise<number | undefined>;
}

/** Linear algebra in float64, which TensorFlow.js does not have, for scores that need its digits. Matrices are row-major. */
export interface Float64Algebra {
  /** For samples of so many columns. The caller disposes it. */
  moments(columns: number): MomentSums;
  /**
   * Tr((A B)^1/2) of symmetric, positive semidefinite matrices [d, d].
   * @throws {EngineError} when a value is not finite
   */
  traceOfRoot(a: Float64Array, b: Float64Array, dimensions: number): number;
  /** For samples of so many columns. The caller disposes it. */
  cubicKernel(columns: number): CubicKernel;
}

/** Sums of the kernel (x.y / columns + 1)^3. */
export interface CubicKernel {
  /** Over all pairs of a row of x [m, columns] and one of y [n, columns]. */
  sum(x: Float32Array | Float64Array, y: Float32Array | Float64Array): number;
  dispose(): void;
}

/** Sums over samples that come block by block. */
export interface MomentSums {
  /** @param rows [n, columns]; n may differ from block to block. */
  add(rows: Float32Array | Float64Array): void;
  /** Mean [columns] and covariance [columns, columns] (ddof 1) of all that was added. */
  result(): { readonly count: number; readonly mean: Float64Array; readonly covariance: Float64Array };
  dispose(): void;
}

/** Records the operations of a run, so that they can run again as one call. */
export interface Tracer {
  /**
   * Runs `work` once, operation by operation, and records it.
   * @param inputs tensors that may differ from run to run. No two may share their data.
   * @param work what to run. Tensors that it makes and that may differ too (random draws) it hands to `argument`; they
   * count as inputs after the others. All it returns are outputs. Nothing it makes is disposed.
   * @throws {EngineError} naming the operation, when a value is read on the host, or a tensor is used that is neither
   * an input nor made by `work`.
   */
  record(inputs: readonly tf.Tensor[], work: (argument: (tensor: tf.Tensor) => void) => tf.Tensor[]): RecordedRun;
  /** An empty program. @param variables no two may share their data. */
  program(variables: readonly tf.Variable[]): Program;
}

export interface RecordedRun {
  readonly outputs: readonly tf.Tensor[];
  /** What differs between two recordings besides the values of their inputs, in words; undefined when nothing does. */
  difference(other: RecordedRun): string | undefined;
}

/** Recorded runs over one set of variables, each as one call. The variables' values live in the engine while it runs. */
export interface Program {
  /**
   * Adds a run whose first inputs were the program's variables, in their order. {@link load} before the next run.
   * @param updates which variables, by number, the last outputs of the recording are the new values of.
   * @returns its number.
   * @throws {EngineError} when it cannot run so.
   */
  add(recorded: RecordedRun, updates: readonly number[]): number;
  /** Takes over the values that TF.js's variables have. */
  load(): void;
  /** Gives TF.js's variables the values that the engine has. */
  store(): void;
  /** @param inputs those behind the variables, in the order of the recording. @returns the outputs but for the updates; the caller disposes them. */
  run(move: number, inputs: readonly tf.Tensor[]): tf.Tensor[];
  dispose(): void;
}
