import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-webgpu';
import { registerOptimizerUpdates } from '../trace/optimizer-updates.js';
import { conv2D, conv2DBackpropFilter, conv2DBackpropInput, fusedConv2D } from './kernels/convolution.js';
import { defineKernel } from './kernels/kernel.js';
import { batchMatMul, fusedMatMul } from './kernels/mat-mul.js';

export { CheckedWebGPUBackend } from './backend.js';
export { replayTracer } from './replay/tracer.js';

/** Teaches TensorFlow.js's WebGPU back end to train: by recorded steps, and without kernels that are naive loops. */
export function registerWebgpuTrainingKernels(): void {
  tf.env().set('WEBGPU_CPU_FORWARD', false); // else what is computed from small host values would be recorded as a constant
  registerOptimizerUpdates('webgpu');
  defineKernel('BatchMatMul', batchMatMul);
  defineKernel('_FusedMatMul', fusedMatMul);
  defineKernel('Conv2D', conv2D);
  defineKernel('FusedConv2D', fusedConv2D);
  defineKernel('Conv2DBackpropInput', conv2DBackpropInput);
  defineKernel('Conv2DBackpropFilter', conv2DBackpropFilter);
}
