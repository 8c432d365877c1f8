import { availableParallelism } from 'node:os';
import { EngineError } from '@ganzoo/core';
import { loadPreferredTfjsNode } from '../tfjs-node.js';
import { tensorFlowTracer } from '../trace/tracer.js';
import { cpu, type EngineDriver } from './driver.js';
import { selectBackend } from './select.js';

/** TensorFlow's C++ kernels on the CPU: `@tensorflow/tfjs-node`, the user's own or our installation of it. */
export const nativeDriver: EngineDriver = {
  name: 'native',
  async load({ directory }) {
    const loaded = loadPreferredTfjsNode('cpu', directory);
    if (loaded === undefined) {
      throw new EngineError('The native engine is not installed on this machine.', { remedy: "Run 'ganzoo engine install' (once per machine)." });
    }
    await selectBackend('tensorflow', 'native');
    return { device: cpu(availableParallelism()), versions: loaded.versions, tracer: tensorFlowTracer };
  },
};
