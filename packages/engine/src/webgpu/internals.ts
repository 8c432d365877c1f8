import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';

/** What TensorFlow.js's WebGPU back end has, its private parts included, as far as recording and replaying need them. */
export interface BackendInternals extends Omit<WebGPUBackend, 'queue'> {
  queue: Pick<GPUQueue, 'writeBuffer' | 'submit'>;
  commandEncoder: GPUCommandEncoder | null;
  recordAndSubmit(program: WebGPUProgram, output: tf.TensorInfo, inputs: tf.TensorInfo[], uniforms: Parameters<WebGPUBackend['runWebGPUProgram']>[3]): void;
}

/** The running WebGPU back end. */
export function webgpuBackend(): BackendInternals {
  return tf.backend() as unknown as BackendInternals;
}

/** Every value on the GPU, a bool too, has four bytes. */
export const BYTES = 4;

/** The buffer in which a tensor's values are; values of the host are brought there first. */
export function bufferOf(backend: BackendInternals, dataId: tf.DataId): GPUBuffer {
  backend.uploadToGPU(dataId);
  return backend.tensorMap.get(dataId).resource as GPUBuffer;
}

/** The encoder to which TensorFlow.js adds its commands, outside any pass: what is added to it runs after what was asked for before. */
export function commandEncoder(backend: BackendInternals): GPUCommandEncoder {
  backend.endComputePassEncoder();
  backend.ensureCommandEncoderReady();
  return backend.commandEncoder as GPUCommandEncoder;
}
