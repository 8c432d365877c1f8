import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { probe } from '../src/probe.js';

// The expected numbers in probe.ts come from NumPy; plain JavaScript is the independent second opinion here.
describe('probe', () => {
  const kernel = 'Conv2DBackpropFilter';
  let stock: tf.KernelConfig;

  beforeAll(async () => {
    await tf.setBackend('cpu');
    stock = tf.getKernel(kernel, 'cpu');
  });

  afterEach(() => {
    tf.unregisterKernel(kernel, 'cpu');
    tf.registerKernel(stock);
  });

  it('accepts plain JavaScript and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    await probe('js');
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses an engine without a gradient kernel and names the kernel', async () => {
    tf.unregisterKernel(kernel, 'cpu');
    try {
      await expect(probe('js')).rejects.toThrow(/'js' loads but cannot compute a convolution and its gradients: .*Conv2DBackpropFilter/);
    } finally {
      tf.registerKernel(stock);
    }
  });

  it('refuses an engine that computes a wrong number and names it', async () => {
    tf.unregisterKernel(kernel, 'cpu');
    tf.registerKernel({
      ...stock,
      kernelFunc: (call) => {
        const result = stock.kernelFunc(call) as tf.TensorInfo;
        const values = (call.backend as unknown as { data: tf.DataStorage<{ values: Float32Array }> }).data.get(result.dataId).values;
        values[5] = (values[5] ?? 0) + 1;
        return result;
      },
    });
    await expect(probe('js')).rejects.toThrow("The engine 'js' computes wrong numbers: dw[5] of a small convolution is -22, not -23.");
  });
});
