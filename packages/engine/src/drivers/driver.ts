import type { EngineName, Float64Algebra, GpuMeter, Tracer } from '@ganzoo/core';

/** Gets one engine running. One file each; what they share is in the modules they import. */
export interface EngineDriver {
  readonly name: EngineName;
  /**
   * Makes the engine TensorFlow.js's current back end.
   * @throws {EngineError} why it cannot, and what would make it work.
   */
  load(options: DriverOptions): Promise<LoadedEngine>;
}

export interface DriverOptions {
  /** From where a user's own tfjs-node is looked for. */
  readonly directory: string;
  /** Of the processor; undefined: all of them. */
  readonly threads?: number | undefined;
  /** Part of a GPU's name, on engines that can choose among several. */
  readonly adapter?: string | undefined;
  /** Of the GPUs that CUDA shows this process, from 0. */
  readonly deviceIndex?: number | undefined;
  /** MB of the GPU, on cuda. */
  readonly memoryLimit?: number | undefined;
}

export interface LoadedEngine {
  readonly device: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly gpus?: readonly number[];
  readonly tracer?: Tracer;
  readonly float64?: Float64Algebra;
  readonly meter?: GpuMeter;
}

/** `CPU, 2 threads` */
export function cpu(threads: number): string {
  return `CPU, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
}
