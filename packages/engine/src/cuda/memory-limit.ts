import { EngineError, UsageError } from '@ganzoo/core';
import type { Gpu } from './gpus.js';

const MB = 1e6;
const MIB = 2 ** 20;
/** MB. CUDA's context and libraries take some hundreds of them before TensorFlow asks for any; below that it would ignore the limit. */
const LEAST = 1000;

/**
 * The value of TF_DEVICE_MIN_SYS_MEMORY_IN_MB, TensorFlow's word for what it leaves to others: what is free now but for the limit.
 * @param limit in MB, of the GPU, for all that this process does.
 * @throws {UsageError} when the limit is too low.
 * @throws {EngineError} when there is not so much free, or nothing says what is.
 */
export function reservedMib(limit: number, gpu: Gpu | undefined): number {
  if (limit < LEAST) throw new UsageError(`A limit of ${limit} MB is less than CUDA needs for itself and its libraries.`, { remedy: `Give --memory-limit at least ${LEAST}.` });
  if (gpu?.freeBytes === undefined || gpu.memoryBytes === undefined) {
    throw new EngineError("A limit of the GPU's memory needs to know what is free of it, and no 'nvidia-smi' says so.", {
      remedy: 'Leave out --memory-limit. (In a container nvidia-smi needs NVIDIA_DRIVER_CAPABILITIES=compute,utility; of a part of a GPU, MIG, it says nothing.)',
    });
  }
  const { name, freeBytes, memoryBytes } = gpu;
  if (limit * MB > freeBytes) {
    throw new EngineError(`The ${name} has ${Math.floor(freeBytes / MB)} MB of its ${Math.floor(memoryBytes / MB)} MB free; --memory-limit asks for ${limit}.`, {
      remedy: "Ask for less, or stop what 'nvidia-smi' lists.",
    });
  }
  return Math.ceil((freeBytes - limit * MB) / MIB);
}
