import type { GpuMeter } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { webgpuBackend } from './internals.js';
import { Clock } from './replay/clock.js';
import { replayed } from './replay/program.js';

/** What the GPU of the webgpu engine says of itself. */
export const webgpuMeter: GpuMeter = {
  async busy(work) {
    const { device } = webgpuBackend();
    if (!device.features.has('timestamp-query')) {
      await work();
      return undefined;
    }
    const clock = new Clock(device);
    replayed.clock = clock;
    try {
      await work();
    } finally {
      replayed.clock = undefined;
    }
    return clock.end();
  },
  // TensorFlow.js's tensors, with the buffers that it keeps for reuse, and the memory of the programs that are replayed.
  bytes: async () => (tf.memory() as unknown as { readonly numBytesAllocatedInGPU: number }).numBytesAllocatedInGPU + replayed.bytes,
};
