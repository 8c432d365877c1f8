import { type Engine, EngineError } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { selectBackend } from '../drivers/select.js';
import { correctGradients } from '../gradients/index.js';
import { probe } from '../probe.js';
import { openDevice } from './device.js';
import { registerWebgpuBackend, replayTracer } from './index.js';

/**
 * The engine `webgpu` in a browser: the same kernels, gradients and replayed steps as in Node.
 * @param allowSoftware that the browser's adapter computes on the processor: for tests.
 * @throws {EngineError} when the browser has no WebGPU, no adapter or only a software one, or computes wrong numbers.
 */
export async function loadWebgpu({ allowSoftware = false }: { readonly allowSoftware?: boolean } = {}): Promise<Engine> {
  const { gpu } = navigator as { readonly gpu?: GPU };
  if (!gpu) throw new EngineError('This browser has no WebGPU.', { remedy: "Take a browser that has it, on a page served by https or from localhost; or TensorFlow.js's 'wasm'." });
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new EngineError('The browser finds no GPU that WebGPU could use.', { remedy: "See the browser's page about its GPU (chrome://gpu)." });
  const { device, info, name } = await openDevice(adapter, { allowSoftware });
  registerWebgpuBackend(device, info);
  await selectBackend('webgpu', 'webgpu');
  correctGradients();
  await probe('webgpu');
  return { name: 'webgpu', device: name, tf, versions: { tfjs: tf.version.tfjs }, passedOver: [], tracer: replayTracer };
}
