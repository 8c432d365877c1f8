import type { NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import { dispose, type BackendWasm } from './backend.js';

/** Kernels behind the activations that TensorFlow.js fuses; `linear` has none. */
const KERNELS: Readonly<Record<string, string>> = {
  relu: 'Relu',
  relu6: 'Relu6',
  elu: 'Elu',
  sigmoid: 'Sigmoid',
  leakyrelu: 'LeakyRelu',
  prelu: 'Prelu',
};

/** Adds the bias and applies the activation. Takes `x` over: what comes back stands in its place. */
export function activated(
  backend: BackendWasm,
  x: TensorInfo,
  bias: TensorInfo | undefined,
  activation: string | undefined,
  { alpha, slopes }: { readonly alpha?: number | undefined; readonly slopes?: TensorInfo | undefined },
): TensorInfo {
  const next = (kernel: string, inputs: NamedTensorInfoMap, attrs: NamedAttrMap = {}): void => {
    const previous = x;
    x = tf.getKernel(kernel, 'wasm').kernelFunc({ inputs, attrs, backend }) as TensorInfo;
    dispose(backend, previous);
  };
  if (bias) next('Add', { a: x, b: bias });
  if (!activation || activation === 'linear') return x;
  const kernel = KERNELS[activation];
  if (!kernel) throw new Error(`The wasm backend has no fused activation '${activation}'.`);
  if (kernel === 'Prelu') next(kernel, { x, alpha: slopes });
  else next(kernel, { x }, kernel === 'LeakyRelu' ? { alpha: alpha ?? 0.2 } : {});
  return x;
}
