import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { type KernelCall as Call, ReplacedKernels } from '../../replaced-kernels.js';

/** What a kernel is called with. */
export type KernelCall<InputNames extends string, Attributes> = Call<InputNames, Attributes, WebGPUBackend>;

const kernels = new ReplacedKernels<WebGPUBackend>('webgpu');

/** Registers a kernel of ours, see {@link ReplacedKernels.define}. */
export const defineKernel: (typeof kernels)['define'] = kernels.define.bind(kernels);

/** Runs the back end's own kernel, see {@link ReplacedKernels.runStock}. */
export const runStock: (typeof kernels)['runStock'] = kernels.runStock.bind(kernels);
