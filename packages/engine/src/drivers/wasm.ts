import { availableParallelism } from 'node:os';
import * as tf from '@tensorflow/tfjs';
import { version_wasm } from '@tensorflow/tfjs-backend-wasm';
import { registerWasmTrainingKernels } from '../wasm/index.js';
import { registerThreadedBackend } from '../wasm/shared-memory.js';
import { cpu, type EngineDriver } from './driver.js';
import { selectBackend } from './select.js';

/** TensorFlow.js's WebAssembly back end, with the training kernels that it lacks: runs everywhere. */
export const wasmDriver: EngineDriver = {
  name: 'wasm',
  async load({ threads = availableParallelism() }) {
    registerWasmTrainingKernels();
    if (threads > 1) registerThreadedBackend(threads);
    await withoutNewCrashHandlers(() => selectBackend('wasm', 'wasm'));
    return { device: cpu(threads), versions: { tfjs: tf.version.tfjs, 'tfjs-backend-wasm': version_wasm } };
  },
};

/**
 * The WebAssembly module's loader puts handlers on the process that throw every uncaught error again, from inside its own
 * minified line: Node would print that line, all 80 kB of it, in front of any error of the program.
 */
async function withoutNewCrashHandlers(start: () => Promise<void>): Promise<void> {
  const events = ['uncaughtException', 'unhandledRejection'];
  const before = events.map((event) => new Set(process.rawListeners(event)));
  await start();
  events.forEach((event, i) => {
    for (const listener of process.rawListeners(event)) {
      if (!before[i]?.has(listener)) process.removeListener(event, listener as () => void);
    }
  });
}
