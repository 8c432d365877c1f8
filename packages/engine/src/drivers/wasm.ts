import * as tf from '@tensorflow/tfjs';
import { version_wasm } from '@tensorflow/tfjs-backend-wasm';
import { cpu, type EngineDriver } from './driver.js';
import { selectBackend } from './select.js';

/** TensorFlow.js's WebAssembly back end: runs everywhere. */
export const wasmDriver: EngineDriver = {
  name: 'wasm',
  async load() {
    await selectBackend('wasm', 'wasm');
    return { device: cpu(1), versions: { tfjs: tf.version.tfjs, 'tfjs-backend-wasm': version_wasm } };
  },
};
