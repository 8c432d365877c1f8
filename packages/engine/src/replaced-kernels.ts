import * as tf from '@tensorflow/tfjs';

/** What a kernel is called with. */
export interface KernelCall<InputNames extends string, Attributes, Backend> {
  readonly inputs: Readonly<Record<InputNames, tf.TensorInfo>>;
  readonly attrs: Attributes;
  readonly backend: Backend;
}

/** Kernels of ours on one of TensorFlow.js's back ends, and the stock ones in whose place they stand. */
export class ReplacedKernels<Backend extends object> {
  private readonly stock = new Map<string, tf.KernelConfig>();

  constructor(private readonly backendName: string) {}

  /**
   * Registers a kernel in place of the stock one, if there is one. The stock kernel stays within reach of `runStock`, and
   * is still set up and disposed with the back end.
   */
  define<InputNames extends string, Attributes>(kernelName: string, run: (call: KernelCall<InputNames, Attributes, Backend>) => tf.TensorInfo | tf.TensorInfo[]): void {
    const { backendName } = this;
    const previous: tf.KernelConfig | undefined = tf.getKernel(kernelName, backendName);
    if (previous) {
      this.stock.set(kernelName, previous);
      tf.unregisterKernel(kernelName, backendName);
    }
    tf.registerKernel({ ...previous, kernelName, backendName, kernelFunc: run as unknown as tf.KernelFunc });
  }

  /** Runs the back end's own kernel, also where ours has taken its place. For kernels with one output. */
  runStock(kernelName: string, backend: Backend, inputs: tf.NamedTensorInfoMap, attrs: tf.NamedAttrMap = {}): tf.TensorInfo {
    const kernel = this.stock.get(kernelName) ?? tf.getKernel(kernelName, this.backendName);
    return kernel.kernelFunc({ inputs, attrs, backend }) as tf.TensorInfo;
  }
}
