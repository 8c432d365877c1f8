import * as tf from '@tensorflow/tfjs';
import { LEAKY_RELU_GRADIENT, RELU_GRADIENT } from '../gradients/activations.js';
import { tensorFlowBackend } from '../trace/backend.js';
import type { OperationAttribute } from '../trace/recording.js';

/** A mask, a product and a selection as one operation. */
export function registerActivationGradients(): void {
  for (const kernelName of [LEAKY_RELU_GRADIENT, RELU_GRADIENT]) {
    tf.registerKernel({
      kernelName,
      backendName: 'tensorflow',
      kernelFunc: ({ inputs: { dy, features }, attrs }) => {
        const backend = tensorFlowBackend();
        const { binding } = backend;
        const attributes: OperationAttribute[] = [{ name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT }];
        if (kernelName === LEAKY_RELU_GRADIENT) attributes.push({ name: 'alpha', type: binding.TF_ATTR_FLOAT, value: attrs?.alpha });
        return backend.executeSingleOutput(kernelName, attributes, [dy, features] as tf.Tensor[]);
      },
    });
  }
}
