import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import lockfile from 'proper-lockfile';
import writeAtomic from 'write-file-atomic';

/** Writes a file so that a reader sees the old or the new content whole, also when the process is killed. Makes its folder. */
export async function writeFileAtomic(file: string, content: string | Uint8Array): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeAtomic(file, typeof content === 'string' ? content : Buffer.from(content.buffer, content.byteOffset, content.byteLength));
}

/** Hexadecimal SHA-256 of bytes. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Hexadecimal SHA-256 of a file, read as a stream. */
export async function sha256File(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/**
 * Runs `work` while no other process (or call) holds the lock of `target`, a path that need not exist.
 * A lock whose holder died is taken over after ten seconds.
 * @param onWait called once when somebody else holds the lock.
 */
export async function withLock<T>(target: string, work: () => Promise<T>, onWait?: () => void): Promise<T> {
  await mkdir(path.dirname(target), { recursive: true });
  const options = { realpath: false, stale: 10_000, update: 2_000 };
  let release: () => Promise<void>;
  try {
    release = await lockfile.lock(target, options);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ELOCKED') throw error;
    onWait?.();
    release = await lockfile.lock(target, { ...options, retries: { forever: true, minTimeout: 200, maxTimeout: 1_000 } });
  }
  try {
    return await work();
  } finally {
    await release();
  }
}

/** Removes a file or folder if it is there. */
export async function remove(target: string): Promise<void> {
  await rm(target, { recursive: true, force: true });
}
