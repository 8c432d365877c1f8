import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { remove, sha256File, withLock } from '@ganzoo/core/node';
import { type Manifest, manifestPath, readManifest } from './installation.js';

/** What {@link installOnce} must be told. */
export interface Installing {
  /** Folder of the finished installation. */
  readonly target: string;
  readonly key: string;
  readonly versions: Readonly<Record<string, string>>;
  /**
   * Fills an empty folder beside the target with a whole, tried installation.
   * @returns the files, relative to the folder, that the manifest pins.
   */
  build(staging: string): Promise<readonly string[]>;
  /** Called once when another process is installing the same. */
  readonly onWait?: () => void;
}

/**
 * Makes an installation exactly once per machine. All work happens in a folder beside the target, which gets the
 * target's name as the last act: whoever is killed before leaves nothing that is taken for an installation. Concurrent
 * callers wait for the first one and find its result.
 * @returns whether it was there already.
 */
export async function installOnce(job: Installing): Promise<{ alreadyThere: boolean }> {
  if (readManifest(job.target, job.key)) return { alreadyThere: true };
  return withLock(job.target, async () => {
    if (readManifest(job.target, job.key)) return { alreadyThere: true };
    await removeStaleStagings(job.target);
    const staging = `${job.target}.staging-${process.pid}`;
    try {
      await mkdir(staging, { recursive: true });
      const files = await job.build(staging);
      await writeFile(manifestPath(staging), `${JSON.stringify(await manifestOf(staging, job, files), null, 2)}\n`);
      await remove(job.target); // a damaged one, else readManifest had known it
      await rename(staging, job.target);
    } finally {
      await remove(staging);
    }
    return { alreadyThere: false };
  }, job.onWait);
}

async function manifestOf(folder: string, { key, versions }: Installing, names: readonly string[]): Promise<Manifest> {
  const files: Record<string, { bytes: number; sha256: string }> = {};
  for (const name of names) {
    const file = path.join(folder, name);
    files[name] = { bytes: (await stat(file)).size, sha256: await sha256File(file) };
  }
  return { key, versions, installedAt: new Date().toISOString(), files };
}

/** Folders of installers that were killed. Those of living processes stay, whatever became of their lock. */
async function removeStaleStagings(target: string): Promise<void> {
  const parent = path.dirname(target);
  if (!existsSync(parent)) return;
  const prefix = `${path.basename(target)}.staging-`;
  for (const name of await readdir(parent)) {
    if (name.startsWith(prefix) && !isAlive(Number(name.slice(prefix.length)))) await remove(path.join(parent, name));
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM'; // alive, another user's
  }
}
