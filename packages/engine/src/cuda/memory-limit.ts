import { EngineError, UsageError } from '@ganzoo/core';
import type { Gpu } from './gpus.js';

const MB = 1e6;
const MIB = 2 ** 20;

/**
 * The value of TF_DEVICE_MIN_SYS_MEMORY_IN_MB, TensorFlow's word for what it leaves to others: the free memory but for the limit.
 * @param limit in MB, of the GPU, for all that this process does.
 * @throws {UsageError} when there is not so much free.
 * @throws {EngineError} when nothing says what is free.
 */
export function reservedMib(limit: number, gpu: Gpu | undefined): number {
  if (gpu === undefined) {
    throw new EngineError('A limit of the GPU\'s memory needs \'nvidia-smi\', which says what is free, and it is not in the PATH.', { remedy: 'Leave out --memory-limit, or make nvidia-smi available (in a container: NVIDIA_DRIVER_CAPABILITIES=compute,utility).' });
  }
  if (limit * MB > gpu.freeBytes) {
    throw new UsageError(`The ${gpu.name} has ${Math.floor(gpu.freeBytes / MB)} MB of its ${Math.floor(gpu.memoryBytes / MB)} MB free; --memory-limit asks for ${limit}.`, {
      remedy: "Ask for less, or stop what 'nvidia-smi' lists.",
    });
  }
  return Math.ceil((gpu.freeBytes - limit * MB) / MIB);
}
