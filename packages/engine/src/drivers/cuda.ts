import { readdirSync, readFileSync } from 'node:fs';
import { EngineError } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { hasNvidiaDriver } from '../install/machine.js';
import { loadPreferredTfjsNode } from '../tfjs-node.js';
import { tensorFlowFloat64 } from '../tensorflow/float64/index.js';
import { registerFusedKernels } from '../tensorflow/index.js';
import { tensorFlowTracer } from '../trace/tracer.js';
import type { EngineDriver } from './driver.js';
import { selectBackend } from './select.js';

/** TensorFlow's kernels on an NVIDIA GPU: `@tensorflow/tfjs-node-gpu`, the user's own or our installation of it. */
export const cudaDriver: EngineDriver = {
  name: 'cuda',
  async load({ directory }) {
    // First, because loading TensorFlow without a driver would only fall back to the CPU.
    if (!hasNvidiaDriver()) {
      throw new EngineError('There is no NVIDIA driver on this machine.', { remedy: 'Install the NVIDIA driver (in a container: start it with --gpus all).' });
    }
    const loaded = loadPreferredTfjsNode('cuda', directory);
    if (loaded === undefined) {
      throw new EngineError('The CUDA engine is not installed on this machine.', { remedy: "Run 'ganzoo engine install --device cuda' (once per machine)." });
    }
    if (!loaded.usesGpu) {
      tf.removeBackend('tensorflow');
      throw new EngineError('TensorFlow finds no GPU that it can use.', {
        remedy: "See whether 'nvidia-smi' lists the GPU and whether CUDA_VISIBLE_DEVICES hides it; TF_CPP_MIN_LOG_LEVEL=0 makes TensorFlow say why.",
      });
    }
    await selectBackend('tensorflow', 'cuda');
    registerFusedKernels();
    return { device: gpuModel() ?? 'NVIDIA GPU', versions: loaded.versions, tracer: tensorFlowTracer, float64: tensorFlowFloat64 };
  },
};

/** The first GPU's name as its driver knows it: `NVIDIA H200`. */
function gpuModel(): string | undefined {
  const folder = '/proc/driver/nvidia/gpus';
  try {
    const information = readFileSync(`${folder}/${readdirSync(folder)[0]}/information`, 'utf8');
    return /^Model:\s*(.+)$/m.exec(information)?.[1];
  } catch {
    return undefined; // WSL, or a container that hides it
  }
}
