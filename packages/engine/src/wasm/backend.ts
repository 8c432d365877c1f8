import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { TensorInfo } from '@tensorflow/tfjs';
import { type KernelCall as Call, ReplacedKernels } from '../replaced-kernels.js';

export type { BackendWasm };

/** What a kernel is called with. */
export type KernelCall<InputNames extends string, Attributes> = Call<InputNames, Attributes, BackendWasm>;

const kernels = new ReplacedKernels<BackendWasm>('wasm');

/** Registers a kernel of ours, see {@link ReplacedKernels.define}. */
export const defineKernel: (typeof kernels)['define'] = kernels.define.bind(kernels);

/** Runs the back end's own kernel, see {@link ReplacedKernels.runStock}. */
export const runStock: (typeof kernels)['runStock'] = kernels.runStock.bind(kernels);

/** Where a tensor's first byte lies in the backend's memory. Memory may grow and move JavaScript's views of it, never this. */
export function addressOf(backend: BackendWasm, tensor: TensorInfo): number {
  return backend.getMemoryOffset(tensor.dataId) >>> 0;
}

/** The same numbers in another shape, without a copy. */
export function reshaped(backend: BackendWasm, tensor: TensorInfo, shape: readonly number[]): TensorInfo {
  backend.incRef(tensor.dataId);
  return { dataId: tensor.dataId, shape: [...shape], dtype: tensor.dtype };
}

/** Gives up tensors that a kernel made on its way. */
export function dispose(backend: BackendWasm, ...tensors: readonly TensorInfo[]): void {
  for (const tensor of tensors) backend.disposeData(tensor.dataId);
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, n) => size * n, 1);

/** Strides, in elements, of a tensor whose numbers lie densely in row-major order. */
export function denseStrides(shape: readonly number[]): number[] {
  const strides: number[] = [];
  let stride = 1;
  for (const size of [...shape].reverse()) {
    strides.unshift(stride);
    stride *= size;
  }
  return strides;
}
