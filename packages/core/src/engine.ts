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
}
