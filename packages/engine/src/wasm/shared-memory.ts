import { createRequire } from 'node:module';
import { BackendWasm, setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs';
import { startThreads } from './threads.js';

/** The build for threads, whose memory threads can share; TensorFlow.js takes it in browsers only (tfjs#3830). */
const MODULE = '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js';

type WasmModule = BackendWasm['wasm'] & { cwrap(name: string, result: 'number' | null, arguments_: readonly 'number'[]): (...numbers: number[]) => number };
type Factory = (options: object) => Promise<WasmModule>;

/**
 * Registers TensorFlow.js's wasm backend in memory that threads share, with so many threads for our kernels. What is left of
 * TensorFlow.js's own runs on one: its pool would look for work, at the cost of ours.
 */
export function registerThreadedBackend(threads: number): void {
  tf.removeBackend('wasm');
  tf.registerBackend('wasm', async () => {
    setThreadsCount(1);
    const backend = new BackendWasm(await loadModule());
    await startThreads(backend, threads);
    return backend;
  });
}

async function loadModule(): Promise<WasmModule> {
  const factory = createRequire(import.meta.url)(MODULE) as Factory;
  const module = await withoutWorkers(() => factory({}));
  // What TensorFlow.js's backend calls, under the names and signatures of its backend_wasm.js.
  module.tfjs = {
    init: module.cwrap('init', null, []),
    initWithThreadsCount: module.cwrap('init_with_threads_count', null, ['number']),
    getThreadsCount: module.cwrap('get_threads_count', 'number', []),
    registerTensor: module.cwrap('register_tensor', null, ['number', 'number', 'number']),
    disposeData: module.cwrap('dispose_data', null, ['number']),
    dispose: module.cwrap('dispose', null, []),
  } as unknown as WasmModule['tfjs'];
  return module;
}

/** The module makes eight workers when it starts and waits until they have loaded it; with one thread it never uses them. */
async function withoutWorkers<T>(load: () => Promise<T>): Promise<T> {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'Worker');
  // The module also sets the global to Node's own.
  Object.defineProperty(globalThis, 'Worker', { configurable: true, get: () => IdleWorker, set: () => {} });
  try {
    return await load();
  } finally {
    if (before) Object.defineProperty(globalThis, 'Worker', before);
    else delete (globalThis as { Worker?: unknown }).Worker;
  }
}

/** Says that it has loaded the module, and does nothing. */
class IdleWorker {
  onmessage: ((event: { readonly data: { readonly cmd: string } }) => void) | undefined;

  postMessage({ cmd }: { readonly cmd: string }): void {
    if (cmd === 'load') queueMicrotask(() => this.onmessage?.({ data: { cmd: 'loaded' } }));
  }

  on(): void {}
  unref(): void {}
  terminate(): void {}
}
