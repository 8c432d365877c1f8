import type { BackendWasm } from './backend.js';
import { SHARED_SIMD_MODULE_BASE64, SIMD_MODULE_BASE64 } from './simd-module.generated.js';

/** What `assembly/index.ts` exports; the arguments are named and explained there. Addresses are in bytes, other numbers count elements. */
export type SimdKernel =
  | 'addPatches' | 'addToSegments' | 'addWords' | 'averagePoolGradient' | 'combine' | 'compare' | 'copyBytes' | 'copyWords'
  | 'depthwiseToFilter' | 'depthwiseToInput' | 'exponential' | 'fillWords' | 'floatsOfBytes' | 'gatherRows' | 'hyperbolicTangent'
  | 'leakyRelu' | 'maxMiddle' | 'maxPoolGradient' | 'maximum' | 'minMiddle' | 'minimum' | 'multiply' | 'multiplyScratchBytes' | 'normalize'
  | 'reciprocalSquareRoot' | 'scaleWords' | 'select' | 'squareRoot' | 'sumMiddle';

/** Kernels return nothing of use, but for `multiplyScratchBytes`. */
export type Simd = Readonly<Record<SimdKernel, (...numbers: number[]) => number>>;

const instances = new WeakMap<object, Simd>();

/** Our SIMD kernels, linked to the memory of this backend. */
export function simdOf(backend: BackendWasm): Simd {
  const known = instances.get(backend.wasm);
  if (known) return known;
  const memory = memoryOf(backend);
  const instance = new WebAssembly.Instance(simdModule(memory), { env: { memory } });
  const simd = instance.exports as unknown as Simd;
  instances.set(backend.wasm, simd);
  return simd;
}

const modules = new Map<string, WebAssembly.Module>();

/** Our SIMD kernels, to be linked to memory of this kind. */
export function simdModule({ buffer }: WebAssembly.Memory): WebAssembly.Module {
  const shared = typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer;
  const source = shared ? SHARED_SIMD_MODULE_BASE64 : SIMD_MODULE_BASE64;
  const module = modules.get(source) ?? new WebAssembly.Module(Uint8Array.from(atob(source), (byte) => byte.charCodeAt(0)));
  modules.set(source, module);
  return module;
}

/** Emscripten exports the memory of a single-threaded build; a threaded one is given its shared memory from outside. */
export function memoryOf(backend: BackendWasm): WebAssembly.Memory {
  const module = backend.wasm as unknown as { asm?: { memory?: WebAssembly.Memory }; wasmMemory?: WebAssembly.Memory };
  const memory = module.asm?.memory ?? module.wasmMemory;
  if (!memory) throw new Error("The memory of TensorFlow.js's wasm backend is not where version 4.22.0 keeps it.");
  return memory;
}
