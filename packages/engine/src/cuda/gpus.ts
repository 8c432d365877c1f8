import { EngineError } from '@ganzoo/core';
import { runTool, tail, type ToolResult } from '../install/tools.js';

/** An NVIDIA GPU as its driver describes it; undefined is what it does not say, such as the memory of one that is cut into parts (MIG). */
export interface Gpu {
  /** In the order of the PCI bus, as `nvidia-smi` counts. */
  readonly index: number;
  /** `GPU-5f0a...`: names it in CUDA_VISIBLE_DEVICES whatever else is visible. */
  readonly uuid: string;
  /** `NVIDIA H200` */
  readonly name: string;
  /** Version of the driver: `550.54.15`. */
  readonly driver: string;
  readonly memoryBytes: number | undefined;
  /** Of them, taken by no process now. */
  readonly freeBytes: number | undefined;
  /** `9.0` */
  readonly computeCapability: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

const FIELDS = ['index', 'uuid', 'name', 'driver_version', 'memory.total', 'memory.free'];
/** Not known to the nvidia-smi of old drivers. */
const CAPABILITY = 'compute_cap';
/** nvidia-smi counts in MiB. */
const MIB = 2 ** 20;
/** Milliseconds; a driver that has lost its GPU can let it wait for ever. */
const PATIENCE = 30_000;

/**
 * The NVIDIA GPUs of this machine, whether a process may use them or not.
 * @returns undefined where there is no `nvidia-smi` to ask: some containers leave it out.
 * @throws {EngineError} when the driver does not answer, with what it says.
 */
export async function listGpus(env: Environment): Promise<readonly Gpu[] | undefined> {
  let result = await query([...FIELDS, CAPABILITY], env);
  if (/not a valid field/i.test(result.output)) result = await query(FIELDS, env);
  if (!result.ok && result.missing) return undefined;
  if (!result.ok && !/No devices were found/i.test(result.output)) {
    const mismatch = /version mismatch/i.test(result.output);
    throw new EngineError(`The NVIDIA driver does not answer: ${(tail(result.output, 1) || result.reason).replace(/\.$/, '')}.`, {
      remedy: mismatch ? 'The driver was updated since the machine started: restart it (or load its kernel modules again).' : "Repair it until 'nvidia-smi' lists the GPU.",
    });
  }
  return result.output.split('\n').map((line) => line.trim().split(', ')).filter(({ length }) => length >= FIELDS.length).map(gpuOf);
}

function query(fields: readonly string[], env: Environment): Promise<ToolResult> {
  return runTool('nvidia-smi', [`--query-gpu=${fields.join(',')}`, '--format=csv,noheader,nounits'], { machine: { env }, timeout: PATIENCE });
}

function gpuOf([index = '', uuid = '', name = '', driver = '', total = '', free = '', capability = '']: readonly string[]): Gpu {
  const bytes = (text: string): number | undefined => (/^\d+$/.test(text) ? Number(text) * MIB : undefined);
  return { index: Number(index), uuid, name, driver, memoryBytes: bytes(total), freeBytes: bytes(free), computeCapability: /^\d+\.\d+$/.test(capability) ? capability : undefined };
}
