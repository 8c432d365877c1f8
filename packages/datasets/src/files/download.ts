import { DataError } from '@ganzoo/core';
import { remove, withLock } from '@ganzoo/core/node';
import { existsSync } from 'node:fs';
import { readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Checksum } from './checksum.js';
import { hashLike } from './checksum.js';
import type { DownloadProgress } from '../definition.js';
import { transfer, TransferError } from './transfer.js';

export interface Download {
  /** How the file is called in progress and errors: `mnist/train-images-idx3-ubyte.gz`. */
  readonly name: string;
  /** Servers that have it, in the order in which they are tried. */
  readonly urls: readonly string[];
  readonly target: string;
  readonly checksum: Checksum;
  /** Size in bytes, when known. */
  readonly bytes?: number | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** @default 30000 */
  readonly stallTimeoutMs?: number | undefined;
  /** Pause before a server is asked again, in milliseconds. @default 500 */
  readonly retryDelayMs?: number | undefined;
}

/** A server is given up after so many tries in a row that bring nothing, and after so many in all. */
const FRUITLESS_TRIES = 3;
const TRIES = 20;

/**
 * Sees to it that `target` is the file with this checksum.
 *
 * Nothing is done when it is there. Else it is downloaded into `<target>.part`, which is kept when the transfer
 * breaks off and continued by the next try, of this process or a later one. Only a file whose checksum is right gets
 * the name `target`. Processes that want the same file wait for the first and download nothing.
 * @throws {DataError} when no server sends the file, or it cannot be written
 */
export async function download(wanted: Download): Promise<void> {
  if (await isIntact(wanted.target, wanted.checksum)) return;
  await withLock(wanted.target, async () => {
    if (await isIntact(wanted.target, wanted.checksum)) return;
    const failures: string[] = [];
    for (const url of wanted.urls) {
      const failure = await downloadFrom(url, wanted);
      if (failure === undefined) return;
      failures.push(`${url} ${failure}`);
    }
    throw new DataError(`${wanted.name} could not be downloaded: ${failures.join('; ')}.`, {
      remedy:
        `Connect to the network and try again; or put ${path.basename(wanted.target)} into ${path.dirname(wanted.target)} yourself, ` +
        'or name a folder that has it with --data-dir or GANZOO_DATA.',
    });
  });
}

/** @returns why this server did not give the file, or undefined when it did */
async function downloadFrom(url: string, wanted: Download): Promise<string | undefined> {
  const part = `${wanted.target}.part`;
  let inherited = existsSync(part); // from an earlier process or another server: may be of no use here
  let furthest = 0;
  let fruitless = 0;
  for (let tries = 1; ; tries++) {
    try {
      await transfer({
        url,
        part,
        bytes: wanted.bytes,
        stallTimeoutMs: wanted.stallTimeoutMs ?? 30_000,
        onBytes(bytes, total) {
          if (bytes > furthest) fruitless = 0;
          furthest = Math.max(furthest, bytes);
          wanted.onProgress?.({ file: wanted.name, bytes, ...(total === undefined ? {} : { total }) });
        },
      });
      await adopt(part, wanted);
      return undefined;
    } catch (error) {
      if (!(error instanceof TransferError)) throw error;
      if (error.next === 'restart') await remove(part);
      if (error.next === 'leave' || (error.next === 'restart' && !inherited)) return error.message;
      if (error.next === 'restart') inherited = false;
      fruitless += 1;
      if (fruitless >= FRUITLESS_TRIES || tries >= TRIES) return error.message;
      await sleep(wanted.retryDelayMs ?? 500);
    }
  }
}

/** Gives a complete download its name, if it is the file. */
async function adopt(part: string, { target, checksum }: Download): Promise<void> {
  const actual = hashLike(checksum, await readFile(part));
  if (actual !== checksum.hex) {
    throw new TransferError(`sent another file: its ${checksum.kind} is ${actual} and not ${checksum.hex}`, 'restart');
  }
  await rename(part, target);
}

async function isIntact(file: string, checksum: Checksum): Promise<boolean> {
  const bytes = await readFile(file).catch(() => undefined);
  return bytes !== undefined && hashLike(checksum, bytes) === checksum.hex;
}
