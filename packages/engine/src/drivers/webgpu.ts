import * as tf from '@tensorflow/tfjs';
import { openDevice } from '../webgpu/device.js';
import type { EngineDriver } from './driver.js';
import { selectBackend } from './select.js';

/** TensorFlow.js's WebGPU back end, with the training kernels that it lacks: any GPU, in Node by Dawn, and in browsers. */
export const webgpuDriver: EngineDriver = {
  name: 'webgpu',
  async load({ adapter }) {
    const { device, info, name, versions } = await openDevice(adapter);
    const { CheckedWebGPUBackend, registerWebgpuTrainingKernels, replayTracer } = await import('../webgpu/index.js'); // only where there is a GPU
    tf.registerBackend('webgpu', () => withNavigator(() => new CheckedWebGPUBackend(device, info)));
    registerWebgpuTrainingKernels();
    await selectBackend('webgpu', 'webgpu');
    return { device: name, versions: { tfjs: tf.version.tfjs, ...versions }, tracer: replayTracer };
  },
};

/**
 * The back end believes in WebGPU only where `navigator.gpu` is. In Node it is there no longer than it is asked for: other libraries
 * take a navigator for a browser, and Node would not end while something global holds Dawn.
 */
function withNavigator<T>(make: () => T): T {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  const { gpu } = (globalThis.navigator ?? {}) as { readonly gpu?: unknown };
  if (gpu !== undefined) return make();
  Object.defineProperty(globalThis, 'navigator', { value: { gpu: {} }, configurable: true });
  try {
    return make();
  } finally {
    if (before) Object.defineProperty(globalThis, 'navigator', before);
    else delete (globalThis as { navigator?: unknown }).navigator;
  }
}
