import * as tf from '@tensorflow/tfjs';
import { openDawnDevice } from '../webgpu/dawn.js';
import type { EngineDriver } from './driver.js';
import { selectBackend } from './select.js';

/** TensorFlow.js's WebGPU back end, with the training kernels that it lacks: any GPU, by Dawn. For browsers there is `webgpu/browser.ts`. */
export const webgpuDriver: EngineDriver = {
  name: 'webgpu',
  async load({ adapter = process.env.GANZOO_ADAPTER || undefined }) {
    const { device, info, name, versions } = await openDawnDevice(adapter);
    const { registerWebgpuBackend, replayTracer, webgpuMeter } = await import('../webgpu/index.js'); // only where there is a GPU
    registerWebgpuBackend(device, info);
    await selectBackend('webgpu', 'webgpu');
    return { device: name, versions: { tfjs: tf.version.tfjs, ...versions }, tracer: replayTracer, meter: webgpuMeter };
  },
};
