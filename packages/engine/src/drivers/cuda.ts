import { readdirSync, readFileSync } from 'node:fs';
import { EngineError } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { chooseGpu } from '../cuda/choose.js';
import { changeEnvironment, environmentOf, wholeNumberIn } from '../cuda/environment.js';
import { listGpus } from '../cuda/gpus.js';
import { reservedMib } from '../cuda/memory-limit.js';
import { cudaMeter } from '../cuda/meter.js';
import { checkGpu } from '../cuda/requirements.js';
import { hasNvidiaDriver } from '../install/machine.js';
import { hasTfjsNode, loadPreferredTfjsNode, type TfjsNode } from '../tfjs-node.js';
import { tensorFlowFloat64 } from '../tensorflow/float64/index.js';
import { registerFusedKernels } from '../tensorflow/index.js';
import { tensorFlowTracer } from '../trace/tracer.js';
import type { EngineDriver } from './driver.js';
import { selectBackend } from './select.js';

/** TensorFlow's kernels on an NVIDIA GPU: `@tensorflow/tfjs-node-gpu`, the user's own or our installation of it. */
export const cudaDriver: EngineDriver = {
  name: 'cuda',
  async load({ directory, deviceIndex = wholeNumberIn('GANZOO_DEVICE_INDEX'), memoryLimit = wholeNumberIn('GANZOO_MEMORY_LIMIT') }) {
    // First, because loading TensorFlow without a driver would only fall back to the CPU.
    if (!hasNvidiaDriver()) {
      throw new EngineError('There is no NVIDIA driver on this machine.', { remedy: 'Install the NVIDIA driver (in a container: start it with --gpus all).' });
    }
    if (!hasTfjsNode('cuda', directory)) {
      throw new EngineError('The CUDA engine is not installed on this machine.', { remedy: "Run 'ganzoo engine install --device cuda' (once per machine)." });
    }
    const chosen = chooseGpu(await listGpus(process.env), process.env.CUDA_VISIBLE_DEVICES, deviceIndex);
    if (chosen.gpu) checkGpu(chosen.gpu);
    const reserved = memoryLimit === undefined ? {} : { TF_DEVICE_MIN_SYS_MEMORY_IN_MB: String(reservedMib(memoryLimit, chosen.gpu)) };
    const restore = changeEnvironment({ ...environmentOf(chosen), ...reserved, GANZOO_DEVICE_INDEX: undefined }); // or those that this process starts would count from here on
    try {
      const { versions } = await start(directory);
      return { device: chosen.gpu?.name ?? firstModel() ?? 'NVIDIA GPU', versions, gpus: chosen.alike, tracer: tensorFlowTracer, float64: tensorFlowFloat64, meter: cudaMeter };
    } catch (error) {
      restore(); // another try begins where this one did
      throw error;
    }
  },
};

async function start(directory: string): Promise<TfjsNode> {
  const loaded = loadPreferredTfjsNode('cuda', directory) as TfjsNode;
  if (!loaded.usesGpu) {
    tf.removeBackend('tensorflow');
    throw new EngineError('TensorFlow finds no GPU that it can use.', {
      remedy: "See whether 'nvidia-smi' lists the GPU and whether CUDA_VISIBLE_DEVICES hides it; TF_CPP_MIN_LOG_LEVEL=0 makes TensorFlow say why.",
    });
  }
  await selectBackend('tensorflow', 'cuda');
  registerFusedKernels();
  return loaded;
}

/** The first GPU's name as its driver knows it, where there is no nvidia-smi. */
function firstModel(): string | undefined {
  const folder = '/proc/driver/nvidia/gpus';
  try {
    const information = readFileSync(`${folder}/${readdirSync(folder)[0]}/information`, 'utf8');
    return /^Model:\s*(.+)$/m.exec(information)?.[1];
  } catch {
    return undefined; // WSL, or a container that hides it
  }
}
