import { UPDATES } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { asOneNode } from './recording.js';

/** Under a recorder an update is one node, which a program runs in place; else it is composed. */
export function registerOptimizerUpdates(backendName: string): void {
  for (const { kernel, inputs: order, compose } of Object.values(UPDATES)) {
    tf.registerKernel({
      kernelName: kernel,
      backendName,
      kernelFunc: ({ inputs, attrs }) => {
        const attributes = { ...attrs } as Record<string, number>;
        const operands = order.map((name) => inputs[name] as tf.Tensor);
        return asOneNode(kernel, attributes, operands, () => tf.tidy(() => compose(inputs as never, attributes as never)));
      },
    });
  }
}
