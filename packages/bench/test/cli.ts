import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa, type Options, type ResultPromise } from 'execa';
import { onTestFinished } from 'vitest';

const SOURCE = fileURLToPath(new URL('../src/cli.ts', import.meta.url));
const OPTIONS = { reject: false, env: { GANZOO_DATA: '', NO_COLOR: '1' } } as const satisfies Options;

/** Starts the command from source, as a user would start it, in a process of its own. */
export function start(args: readonly string[]): ResultPromise<typeof OPTIONS> {
  const node = ['--conditions=@ganzoo/source', '--import', import.meta.resolve('tsx'), SOURCE];
  return execa(process.execPath, [...node, ...args], OPTIONS);
}

export interface Ended {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export async function ganzoo(...args: readonly string[]): Promise<Ended> {
  const { exitCode, stdout, stderr } = await start(args);
  return { exitCode, stdout, stderr };
}

/** A new folder, removed when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ganzoo-bench-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A DCGAN so small that the slowest engine trains it in seconds. */
export const TINY = ['--variants', 'dcgan', '--config', 'filters=2', 'latentDim=4', 'batchSize=4', '--samples', '20', '--seeds', '0'] as const;
