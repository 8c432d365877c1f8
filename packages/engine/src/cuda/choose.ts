import { EngineError, UsageError } from '@ganzoo/core';
import type { Gpu } from './gpus.js';

export interface ChosenGpu {
  /** What to write into CUDA_VISIBLE_DEVICES, so that a process has this GPU alone. */
  readonly visible: string;
  /** Undefined where there is no nvidia-smi, or it is a part of one (MIG). */
  readonly gpu: Gpu | undefined;
  /** By their index: this one, and when none was asked for, all of the same model. */
  readonly alike: readonly number[];
}

/**
 * One GPU of those that CUDA_VISIBLE_DEVICES leaves to a process. tfjs-node would take the last one, and TensorFlow open all.
 * @param gpus of the machine; undefined where nothing lists them.
 * @param deviceIndex counts the visible ones, from 0. @default the first
 * @throws {UsageError} when there are not so many.
 * @throws {EngineError} when there is none.
 */
export function chooseGpu(gpus: readonly Gpu[] | undefined, allowed: string | undefined, deviceIndex?: number): ChosenGpu {
  const visible = visibleDevices(gpus, allowed);
  if (visible === undefined) return { visible: String(deviceIndex ?? 0), gpu: undefined, alike: [deviceIndex ?? 0] };
  if (visible.length === 0) {
    const hidden = allowed !== undefined && gpus?.length !== 0;
    throw new EngineError(hidden ? `CUDA_VISIBLE_DEVICES='${allowed}' hides every GPU of this machine.` : 'The NVIDIA driver lists no GPU.', {
      remedy: hidden ? 'Unset it, or name a GPU of \'nvidia-smi -L\'.' : "See what 'nvidia-smi -L' lists; a container needs --gpus all.",
    });
  }
  const chosen = deviceIndex ?? 0;
  const entry = visible[chosen];
  if (entry === undefined) {
    const names = visible.map((device, i) => `${i}: ${find(gpus, device)?.name ?? device}`).join(', ');
    throw new UsageError(`There is no GPU ${deviceIndex} here.`, { remedy: `Take one of these with --device-index: ${names}.` });
  }
  const gpu = find(gpus, entry);
  const alike = visible.flatMap((device, i) => (gpu && find(gpus, device)?.name === gpu.name ? [i] : []));
  return { visible: gpu?.uuid ?? entry, gpu, alike: gpu && deviceIndex === undefined ? alike : [chosen] };
}

/**
 * As CUDA reads the variable: indices or (beginnings of) identifiers, up to the first one that names no GPU. Indices are nvidia-smi's, which are
 * CUDA's with CUDA_DEVICE_ORDER=PCI_BUS_ID; without it CUDA puts the fastest of unlike GPUs first.
 */
function visibleDevices(gpus: readonly Gpu[] | undefined, allowed: string | undefined): readonly string[] | undefined {
  if (allowed === undefined) return gpus?.map(({ uuid }) => uuid);
  const entries = allowed.split(',').map((entry) => entry.trim());
  const end = entries.findIndex((entry) => entry === '' || entry === '-1' || (gpus !== undefined && !entry.startsWith('MIG-') && find(gpus, entry) === undefined));
  return end < 0 ? entries : entries.slice(0, end);
}

function find(gpus: readonly Gpu[] | undefined, entry: string): Gpu | undefined {
  return gpus?.find(({ index, uuid }) => entry === String(index) || (entry.startsWith('GPU-') && uuid.startsWith(entry)));
}
