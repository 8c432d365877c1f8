import type { GpuMeter } from '@ganzoo/core';
import { runTool } from '../install/tools.js';

const MIB = 2 ** 20;

/** TensorFlow says nothing of the GPU's time through its C interface; the driver knows what memory each process has. */
export const cudaMeter: GpuMeter = {
  async busy(work) {
    await work();
    return undefined;
  },
  async bytes() {
    const result = await runTool('nvidia-smi', ['--query-compute-apps=pid,used_memory', '--format=csv,noheader,nounits'], { machine: { env: process.env } });
    return memoryOf(process.pid, result.output);
  },
};

/** @param listing lines of `pid, MiB`. Undefined where the process is not in it: inside a container it has another number there. */
export function memoryOf(pid: number, listing: string): number | undefined {
  const line = listing.split('\n').find((one) => one.startsWith(`${pid}, `));
  const used = Number(line?.split(', ')[1]);
  return Number.isFinite(used) && line !== undefined ? used * MIB : undefined;
}
