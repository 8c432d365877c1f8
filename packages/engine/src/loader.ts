import { type Engine, EngineError, type EngineName, type PassedOver, UsageError } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import type { DriverOptions, EngineDriver, LoadedEngine } from './drivers/driver.js';
import { correctGradients } from './gradients/index.js';

export interface LoadOptions {
  /** From where a user's own `@tensorflow/tfjs-node` is looked for. @default the working directory */
  readonly directory?: string;
  /** Of the processor, on engines that compute with it and can be told. @default all of them */
  readonly threads?: number | undefined;
  /** Part of the GPU's name, for webgpu on a machine with several. @default GANZOO_ADAPTER of the environment, or else the fastest */
  readonly adapter?: string | undefined;
  /** Which GPU cuda takes, of those that CUDA_VISIBLE_DEVICES leaves (or all, as `nvidia-smi` counts), from 0. @default GANZOO_DEVICE_INDEX of the environment, or else 0 */
  readonly deviceIndex?: number | undefined;
  /** MB of the GPU that cuda takes at most; it takes what it needs, as it needs it. @default GANZOO_MEMORY_LIMIT of the environment, or else all that is free */
  readonly memoryLimit?: number | undefined;
}

export type LoadEngine = (name: EngineName | 'auto', options?: LoadOptions) => Promise<Engine>;

/** What 'auto' tries, the fastest first. `js` is for tests: only by name. */
const AUTO: readonly EngineName[] = ['cuda', 'webgpu', 'native', 'wasm'];

/**
 * A function that loads one engine per process. Two back ends in one process would share TensorFlow.js's registries and
 * crash or mix (tfjs#8388).
 * @param probe proves that the loaded engine computes; throws when it does not.
 */
export function createLoader(drivers: Readonly<Record<EngineName, EngineDriver>>, probe: (name: EngineName) => Promise<void>): LoadEngine {
  let current: { readonly asked: EngineName | 'auto'; readonly engine: Promise<Engine> } | undefined;

  async function start(name: EngineName, options: DriverOptions, passedOver: readonly PassedOver[]): Promise<Engine> {
    const loaded: LoadedEngine = await drivers[name].load(options);
    correctGradients();
    await probe(name);
    return { name, tf, ...loaded, passedOver };
  }

  async function startFirst(options: DriverOptions): Promise<Engine> {
    const passedOver: PassedOver[] = [];
    for (const name of AUTO) {
      try {
        return await start(name, options, passedOver);
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
        passedOver.push({ name, reason: error.message, remedy: error.remedy });
      }
    }
    const reasons = passedOver.map(({ name, reason }) => `${name}: ${reason}`).join(' ');
    throw new EngineError(`No engine works on this machine. ${reasons}`, { remedy: "Run 'ganzoo doctor' for what each one needs." });
  }

  const loadEngine: LoadEngine = (name, { directory = process.cwd(), ...choices } = {}) => {
    if (name !== 'auto' && !(name in drivers)) {
      const known = ['auto', ...Object.keys(drivers)].join(', ');
      return Promise.reject(new UsageError(`There is no engine '${name}'.`, { remedy: `Take one of: ${known}.` }));
    }
    if (current === undefined) {
      const options = { directory, ...choices };
      current = { asked: name, engine: name === 'auto' ? startFirst(options) : start(name, options, []) };
      current.engine.catch(() => (current = undefined)); // nothing runs: another try is free
    }
    if (current.asked === name) return current.engine;
    return current.engine.then(
      (running) => {
        if (name === 'auto' || name === running.name) return running; // what runs is what this process has chosen
        throw new EngineError(`This process runs the engine '${running.name}' and cannot load '${name}' too.`, {
          remedy: 'Use one engine per process: start another process for the other engine.',
        });
      },
      () => loadEngine(name, { directory, ...choices }),
    );
  };
  return loadEngine;
}
