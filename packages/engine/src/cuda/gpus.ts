import { EngineError } from '@ganzoo/core';
import { runTool, tail } from '../install/tools.js';

/** An NVIDIA GPU as its driver describes it. */
export interface Gpu {
  /** In the order of the PCI bus, as `nvidia-smi` counts. */
  readonly index: number;
  /** `GPU-5f0a...`: names it in CUDA_VISIBLE_DEVICES whatever else is visible. */
  readonly uuid: string;
  /** `NVIDIA H200` */
  readonly name: string;
  /** Version of the driver: `550.54.15`. */
  readonly driver: string;
  /** `9.0` */
  readonly computeCapability: string;
  readonly memoryBytes: number;
  /** Of them, taken by no process now. */
  readonly freeBytes: number;
}

const FIELDS = ['index', 'uuid', 'name', 'driver_version', 'compute_cap', 'memory.total', 'memory.free'];
/** nvidia-smi counts in MiB. */
const MIB = 2 ** 20;

/**
 * The NVIDIA GPUs of this machine, whether a process may use them or not.
 * @returns undefined where there is no `nvidia-smi` to ask: some containers leave it out.
 * @throws {EngineError} when the driver does not answer, with what it says.
 */
export async function listGpus(env: Readonly<Record<string, string | undefined>>): Promise<readonly Gpu[] | undefined> {
  const result = await runTool('nvidia-smi', [`--query-gpu=${FIELDS.join(',')}`, '--format=csv,noheader,nounits'], { machine: { env } });
  if (!result.ok && result.missing) return undefined;
  const mismatch = /version mismatch/i.test(result.output);
  if (!result.ok && !/No devices were found/i.test(result.output)) {
    throw new EngineError(`The NVIDIA driver does not answer: ${(tail(result.output, 1) || result.reason).replace(/\.$/, '')}.`, {
      remedy: mismatch ? 'The driver was updated since the machine started: restart it (or load its kernel modules again).' : "Repair it until 'nvidia-smi' lists the GPU.",
    });
  }
  return result.output.split('\n').filter((line) => line.split(', ').length === FIELDS.length).map(gpuOf);
}

function gpuOf(line: string): Gpu {
  const [index = '', uuid = '', name = '', driver = '', computeCapability = '', total = '', free = ''] = line.trim().split(', ');
  return { index: Number(index), uuid, name, driver, computeCapability, memoryBytes: Number(total) * MIB, freeBytes: Number(free) * MIB };
}
