import { EngineError } from '@ganzoo/core';
import type { EngineDriver } from './driver.js';

/** Its place in the list of engines: asked for by name it says that it does not exist yet, and 'auto' leaves it out. */
export const webgpuDriver: EngineDriver = {
  name: 'webgpu',
  async load() {
    throw new EngineError("The engine 'webgpu' is not available yet.", { remedy: "Take 'cuda' on an NVIDIA GPU, else 'native' or 'wasm'; 'auto' finds the fastest." });
  },
};
