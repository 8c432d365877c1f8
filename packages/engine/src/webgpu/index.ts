import { BATCH_NORM_TRAINING, MOVING_AVERAGE } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-webgpu';
import { LEAKY_RELU_GRADIENT, RELU_GRADIENT } from '../gradients/activations.js';
import { BATCH_NORM_TRAINING_GRADIENT, registerBatchNormGradients } from '../gradients/batch-norm.js';
import { registerOptimizerUpdates } from '../trace/optimizer-updates.js';
import { CheckedWebGPUBackend } from './backend.js';
import { leakyReluGradient, reluGradient } from './kernels/activation-gradients.js';
import { batchNormTraining, batchNormTrainingGradient, movingAverage } from './kernels/batch-norm.js';
import { conv2D, conv2DBackpropFilter, conv2DBackpropInput, fusedConv2D } from './kernels/convolution.js';
import { defineKernel } from './kernels/kernel.js';
import { batchMatMul, fusedMatMul } from './kernels/mat-mul.js';
import { sum } from './kernels/sum.js';

export { webgpuMeter } from './meter.js';
export { replayTracer } from './replay/tracer.js';

/** TensorFlow.js's WebGPU back end on this device, taught to train: by recorded steps, and without kernels that are naive loops. */
export function registerWebgpuBackend(device: GPUDevice, info: GPUAdapterInfo): void {
  if (tf.findBackendFactory('webgpu') !== null) tf.removeBackend('webgpu'); // in a browser importing it registers it
  tf.registerBackend('webgpu', () => withNavigator(() => new CheckedWebGPUBackend(device, info)));
  tf.env().set('WEBGPU_CPU_FORWARD', false); // else what is computed from small host values would be recorded as a constant
  registerOptimizerUpdates('webgpu');
  defineKernel('BatchMatMul', batchMatMul);
  defineKernel('_FusedMatMul', fusedMatMul);
  defineKernel('Conv2D', conv2D);
  defineKernel('FusedConv2D', fusedConv2D);
  defineKernel('Conv2DBackpropInput', conv2DBackpropInput);
  defineKernel('Conv2DBackpropFilter', conv2DBackpropFilter);
  defineKernel('Sum', sum);
  defineKernel(LEAKY_RELU_GRADIENT, leakyReluGradient);
  defineKernel(RELU_GRADIENT, reluGradient);
  defineKernel(BATCH_NORM_TRAINING, batchNormTraining);
  defineKernel(BATCH_NORM_TRAINING_GRADIENT, batchNormTrainingGradient);
  defineKernel(MOVING_AVERAGE, movingAverage);
  registerBatchNormGradients();
}

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
