import { cudaDriver } from './drivers/cuda.js';
import { jsDriver } from './drivers/js.js';
import { nativeDriver } from './drivers/native.js';
import { wasmDriver } from './drivers/wasm.js';
import { webgpuDriver } from './drivers/webgpu.js';
import { createLoader, type LoadEngine } from './loader.js';
import { probe } from './probe.js';

/** Every engine, the fastest first. */
export const drivers = { cuda: cudaDriver, webgpu: webgpuDriver, native: nativeDriver, wasm: wasmDriver, js: jsDriver };

/**
 * Starts an engine; there is one per process. `auto` takes the first of cuda, webgpu, native and wasm that loads and computes a
 * convolution and its gradients rightly; `engine.passedOver` says why the others did not. Asked again for the same name
 * it gives the same promise; `auto` gives what runs already.
 * @throws {EngineError} when the engine cannot run here, or another one runs in this process.
 * @throws {UsageError} when there is no engine of that name.
 */
export const loadEngine: LoadEngine = createLoader(drivers, probe);
