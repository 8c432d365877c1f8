import { readdirSync, readFileSync } from 'node:fs';
import { EngineError } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { type ChosenGpu, chooseGpu } from '../cuda/choose.js';
import { listGpus } from '../cuda/gpus.js';
import { reservedMib } from '../cuda/memory-limit.js';
import { cudaMeter } from '../cuda/meter.js';
import { checkGpu } from '../cuda/requirements.js';
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
  async load({ directory, deviceIndex = wholeNumber(process.env.GANZOO_DEVICE_INDEX), memoryLimit = wholeNumber(process.env.GANZOO_MEMORY_LIMIT) }) {
    // First, because loading TensorFlow without a driver would only fall back to the CPU.
    if (!hasNvidiaDriver()) {
      throw new EngineError('There is no NVIDIA driver on this machine.', { remedy: 'Install the NVIDIA driver (in a container: start it with --gpus all).' });
    }
    const chosen = chooseGpu(await listGpus(process.env), process.env.CUDA_VISIBLE_DEVICES, deviceIndex);
    if (chosen.gpu) checkGpu(chosen.gpu);
    prepareProcess(chosen, memoryLimit);
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
    const device = chosen.gpu?.name ?? firstModel() ?? 'NVIDIA GPU';
    return { device, versions: { ...loaded.versions, ...(chosen.gpu && { driver: chosen.gpu.driver }) }, gpus: chosen.alike, tracer: tensorFlowTracer, float64: tensorFlowFloat64, meter: cudaMeter };
  },
};

/** TensorFlow reads these when it starts. What is chosen is chosen for the processes that this one starts too. */
function prepareProcess({ visible, gpu }: ChosenGpu, memoryLimit: number | undefined): void {
  if (memoryLimit !== undefined) process.env.TF_DEVICE_MIN_SYS_MEMORY_IN_MB = String(reservedMib(memoryLimit, gpu));
  if (visible === undefined) return;
  process.env.CUDA_DEVICE_ORDER ??= 'PCI_BUS_ID'; // as nvidia-smi counts, not the fastest first
  process.env.CUDA_VISIBLE_DEVICES = visible;
  delete process.env.GANZOO_DEVICE_INDEX; // or they would count from here on
}

function wholeNumber(text: string | undefined): number | undefined {
  return text ? Number(text) : undefined;
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
