import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { KernelConfig, KernelFunc, NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';

export type { BackendWasm };

/** What a kernel is called with. */
export interface KernelCall<InputNames extends string, Attributes> {
  readonly inputs: Readonly<Record<InputNames, TensorInfo>>;
  readonly attrs: Attributes;
  readonly backend: BackendWasm;
}

const stock = new Map<string, KernelConfig>();

/**
 * Registers a kernel for the wasm backend in place of the stock one, if there is one.
 * The stock kernel stays within reach of `runStock`, and is still set up and disposed with the backend.
 */
export function defineKernel<InputNames extends string, Attributes>(
  kernelName: string,
  run: (call: KernelCall<InputNames, Attributes>) => TensorInfo | TensorInfo[],
): void {
  const previous: KernelConfig | undefined = tf.getKernel(kernelName, 'wasm');
  if (previous) {
    stock.set(kernelName, previous);
    tf.unregisterKernel(kernelName, 'wasm');
  }
  tf.registerKernel({
    ...previous,
    kernelName,
    backendName: 'wasm',
    kernelFunc: run as unknown as KernelFunc,
  });
}

/** Runs the backend's own kernel, also where ours has taken its place. For kernels with one output. */
export function runStock(
  kernelName: string,
  backend: BackendWasm,
  inputs: NamedTensorInfoMap,
  attrs: NamedAttrMap = {},
): TensorInfo {
  const kernel = stock.get(kernelName) ?? tf.getKernel(kernelName, 'wasm');
  return kernel.kernelFunc({ inputs, attrs, backend }) as TensorInfo;
}

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
