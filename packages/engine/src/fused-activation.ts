import type { NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';

/** Kernels behind the activations that TensorFlow.js fuses; `linear` has none. */
const KERNELS: Readonly<Record<string, string>> = {
  relu: 'Relu',
  relu6: 'Relu6',
  elu: 'Elu',
  sigmoid: 'Sigmoid',
  leakyrelu: 'LeakyRelu',
  prelu: 'Prelu',
};

interface Backend {
  disposeData(dataId: tf.DataId): unknown;
}

/** Adds the bias and applies the activation, by the back end's own kernels. Takes `x` over: what comes back stands in its place. */
export function activated(
  [backendName, backend]: readonly [name: string, backend: Backend],
  x: TensorInfo,
  bias: TensorInfo | undefined,
  activation: string | undefined,
  { alpha, slopes }: { readonly alpha?: number | undefined; readonly slopes?: TensorInfo | undefined },
): TensorInfo {
  const next = (kernel: string, inputs: NamedTensorInfoMap, attrs: NamedAttrMap = {}): void => {
    const previous = x;
    x = tf.getKernel(kernel, backendName).kernelFunc({ inputs, attrs, backend }) as TensorInfo;
    backend.disposeData(previous.dataId);
  };
  if (bias) next('Add', { a: x, b: bias });
  if (!activation || activation === 'linear') return x;
  const kernel = KERNELS[activation];
  if (!kernel) throw new Error(`The ${backendName} back end has no fused activation '${activation}'.`);
  if (kernel === 'Prelu') next(kernel, { x, alpha: slopes });
  else next(kernel, { x }, kernel === 'LeakyRelu' ? { alpha: alpha ?? 0.2 } : {});
  return x;
}
