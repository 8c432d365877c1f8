import type { EngineName } from '@ganzoo/core';
import { inChildProcess } from './child-process.js';
import { drivers } from './load.js';

/** What `ganzoo doctor` says about one engine. Plain data. */
export interface EngineDiagnosis {
  readonly name: EngineName;
  /** It loaded, and computed a convolution and its gradients rightly, in a process of its own. */
  readonly works: boolean;
  readonly device?: string;
  readonly versions?: Readonly<Record<string, string>>;
  /** Speed of a small forward convolution, in 10^9 operations per second: compare engines, not machines. */
  readonly gflops?: number;
  /** Why it does not work. */
  readonly reason?: string;
  /** What would make it work. */
  readonly remedy?: string;
}

/**
 * Tries every engine, each in a process of its own, one after the other.
 * @param directory from where a user's own tfjs-node is looked for.
 */
export async function diagnoseEngines(directory: string = process.cwd()): Promise<EngineDiagnosis[]> {
  const diagnoses: EngineDiagnosis[] = [];
  for (const name of Object.keys(drivers) as EngineName[]) {
    const { ok, ...details } = await inChildProcess({ task: 'try-engine', engine: name, directory });
    diagnoses.push({ name, works: ok, ...details });
  }
  return diagnoses;
}
