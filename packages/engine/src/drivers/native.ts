import { availableParallelism } from 'node:os';
import { EngineError } from '@ganzoo/core';
import { loadPreferredTfjsNode } from '../tfjs-node.js';
import { tensorFlowFloat64 } from '../tensorflow/float64/index.js';
import { registerCpuKernels } from '../tensorflow/cpu-kernels.js';
import { registerFusedKernels } from '../tensorflow/index.js';
import { tensorFlowTracer } from '../trace/tracer.js';
import { cpu, type EngineDriver } from './driver.js';
import { selectBackend } from './select.js';

/** TensorFlow's own setting: how many threads share the work of one operation. */
const THREADS = 'TF_NUM_INTRAOP_THREADS';

/** TensorFlow's C++ kernels on the CPU: `@tensorflow/tfjs-node`, the user's own or our installation of it. */
export const nativeDriver: EngineDriver = {
  name: 'native',
  async load({ directory, threads = threadsOfProcess() }) {
    process.env[THREADS] = String(threads); // TensorFlow reads it when it starts
    const loaded = loadPreferredTfjsNode('cpu', directory);
    if (loaded === undefined) {
      throw new EngineError('The native engine is not installed on this machine.', { remedy: "Run 'ganzoo engine install' (once per machine)." });
    }
    await selectBackend('tensorflow', 'native');
    registerFusedKernels();
    registerCpuKernels();
    return { device: cpu(threads), versions: loaded.versions, tracer: tensorFlowTracer, float64: tensorFlowFloat64 };
  },
};

/** What the user has set, or one per core. */
function threadsOfProcess(): number {
  return Number(process.env[THREADS]) || availableParallelism();
}
