import { DataError } from '@ganzoo/core';
import redirecting from 'follow-redirects';
import type { IncomingMessage } from 'node:http';
import type { FileHandle } from 'node:fs/promises';
import { open, stat } from 'node:fs/promises';

/** One request for a file, or for what is still missing of it. */
export interface Transfer {
  readonly url: string;
  /** Bytes are appended to this file; what it has already is not asked for again. */
  readonly part: string;
  /** Size of the whole file, when known: a server that sends more is cut off. */
  readonly bytes?: number | undefined;
  readonly stallTimeoutMs: number;
  /** Called with the number of bytes here, and of the whole file when known. */
  readonly onBytes: (bytes: number, total: number | undefined) => void;
}

/** Why a transfer did not bring the whole file, and whether to ask the same server again. */
export class TransferError extends Error {
  constructor(
    message: string,
    /** `resume`: ask for the rest. `restart`: what is here cannot be continued. `leave`: ask another server. */
    readonly next: 'resume' | 'restart' | 'leave',
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * Asks a server once and appends what it sends.
 * @throws {TransferError} when the file is not whole after it
 * @throws {DataError} when the file cannot be written
 */
export async function transfer({ url, part, bytes, stallTimeoutMs, onBytes }: Transfer): Promise<void> {
  const have = (await stat(part).catch(() => undefined))?.size ?? 0;
  if (have === bytes) return;
  if (bytes !== undefined && have > bytes) throw new TransferError('what was here is longer than the file', 'restart');
  const stall = new StallClock(stallTimeoutMs);
  let response: IncomingMessage | undefined;
  try {
    response = await request(url, have, stall);
    const start = startOf(response, have);
    const length = Number(response.headers['content-length'] ?? Number.NaN);
    const total = bytes ?? (Number.isFinite(length) ? start + length : undefined);
    const received = await append(response, part, start, total, stall, onBytes);
    if (total !== undefined && received < total) throw new TransferError(`ended after ${received} of ${total} bytes`, 'resume');
  } catch (error) {
    response?.destroy();
    if (error instanceof TransferError || error instanceof DataError) throw error;
    const reason = stall.struck ? `sent nothing for ${stallTimeoutMs / 1000} s` : (error as Error).message || String((error as { code?: string }).code);
    throw new TransferError(reason, 'resume', { cause: error });
  } finally {
    stall.stop();
  }
}

/** Sends the request; resolves with the response's head. Redirects are followed. */
function request(url: string, have: number, stall: StallClock): Promise<IncomingMessage> {
  const { http, https } = redirecting;
  // The file is compressed already, and its checksum is that of the compressed bytes.
  const headers = { 'Accept-Encoding': 'identity', ...(have > 0 ? { Range: `bytes=${have}-` } : {}) };
  return new Promise((resolve, reject) => {
    const sent = (url.startsWith('https:') ? https : http).get(url, { headers }, resolve);
    sent.on('error', reject);
    stall.onStrike(() => sent.destroy(new Error('stalled')));
  });
}

/** At which byte of the file the response's body starts. */
function startOf(response: IncomingMessage, have: number): number {
  const status = response.statusCode ?? 0;
  if (status === 200) return 0;
  if (status === 206) {
    const start = Number(/^bytes (\d+)-/.exec(response.headers['content-range'] ?? '')?.[1] ?? Number.NaN);
    if (start !== have) throw new TransferError('sent another range than it was asked for', 'restart');
    return start;
  }
  if (status === 416) throw new TransferError('has no bytes after those that are here', 'restart');
  const again = status >= 500 || status === 429 || status === 408;
  throw new TransferError(`answered ${status} ${response.statusMessage ?? ''}`.trimEnd(), again ? 'resume' : 'leave');
}

/** @returns the number of bytes in the file after it */
async function append(
  response: IncomingMessage,
  part: string,
  start: number,
  total: number | undefined,
  stall: StallClock,
  onBytes: Transfer['onBytes'],
): Promise<number> {
  const handle = await writing(part, () => open(part, start > 0 ? 'a' : 'w'));
  let received = start;
  try {
    for await (const chunk of response as AsyncIterable<Uint8Array>) {
      stall.restart();
      received += chunk.length;
      if (total !== undefined && received > total) throw new TransferError(`sent more than the ${total} bytes of the file`, 'restart');
      await writing(part, () => writeAll(handle, chunk));
      onBytes(received, total);
    }
    await writing(part, () => handle.sync());
  } finally {
    await handle.close();
  }
  return received;
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let written = 0; written < chunk.length; ) written += (await handle.write(chunk, written)).bytesWritten;
}

/** A disk that cannot be written to is no fault of the server. */
async function writing<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new DataError(`${file} cannot be written: ${(error as Error).message}.`, {
      remedy: 'Make room or rights there, or set GANZOO_CACHE to another folder.',
      cause: error,
    });
  }
}

/** Strikes when nothing has come for some time. */
class StallClock {
  struck = false;
  private readonly timer: NodeJS.Timeout;
  private action: () => void = () => {};

  constructor(milliseconds: number) {
    this.timer = setTimeout(() => {
      this.struck = true;
      this.action();
    }, milliseconds);
  }

  onStrike(action: () => void): void {
    this.action = action;
  }

  restart(): void {
    this.timer.refresh();
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
