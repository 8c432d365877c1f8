import * as tf from '@tensorflow/tfjs';
import { openDevice } from '../webgpu/device.js';
import type { EngineDriver } from './driver.js';
import { selectBackend } from './select.js';

/** TensorFlow.js's WebGPU back end, with the training kernels that it lacks: any GPU, in Node by Dawn, and in browsers. */
export const webgpuDriver: EngineDriver = {
  name: 'webgpu',
  async load({ adapter = process.env.GANZOO_ADAPTER || undefined }) {
    const { device, info, name, versions } = await openDevice(adapter);
    const { registerWebgpuBackend, replayTracer } = await import('../webgpu/index.js'); // only where there is a GPU
    registerWebgpuBackend(device, info);
    await selectBackend('webgpu', 'webgpu');
    return { device: name, versions: { tfjs: tf.version.tfjs, ...versions }, tracer: replayTracer };
  },
};
