import { DataError } from '@ganzoo/core';
import { promisify } from 'node:util';
import { crc32, gunzip } from 'node:zlib';
import yauzl from 'yauzl';

const inflate = promisify(gunzip);

/**
 * The content of a .gz file. zlib checks its length and CRC-32.
 * @throws {DataError} when it is not gzip, is truncated, or is damaged
 */
export async function decompressGzip(bytes: Uint8Array, name: string): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) {
    throw new DataError(`${name} is not a gzip file${bytes.length === 0 ? ': it is empty' : ''}.`, {
      remedy: 'Replace it with the published file, still compressed.',
    });
  }
  try {
    return plain(await inflate(bytes));
  } catch (error) {
    const truncated = (error as { code?: string }).code === 'Z_BUF_ERROR';
    throw new DataError(`${name} is ${truncated ? 'truncated: the gzip data end too early' : `damaged: ${(error as Error).message}`}.`, {
      remedy: 'Replace it with a fresh copy of the published file.',
      cause: error,
    });
  }
}

/**
 * The only entry of a .npz file, which is a ZIP archive.
 * @throws {DataError} when it is not ZIP, is truncated or damaged, or does not hold one entry
 */
export async function decompressNpz(bytes: Uint8Array, name: string): Promise<Uint8Array> {
  try {
    const archive = await yauzl.fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    const entries: yauzl.Entry[] = [];
    for await (const entry of archive.eachEntry()) entries.push(entry);
    const [entry] = entries;
    if (entry === undefined || entries.length > 1) throw new Error(`it holds ${entries.length} arrays instead of one`);
    const chunks: Buffer[] = [];
    for await (const chunk of await archive.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
    const content = Buffer.concat(chunks);
    if (crc32(content) !== entry.crc32) throw new Error('its content does not match its CRC-32');
    return plain(content);
  } catch (error) {
    throw new DataError(`${name} is not an intact .npz file: ${(error as Error).message}.`, {
      remedy: 'Replace it with a fresh copy of the published file.',
      cause: error,
    });
  }
}

/** The same bytes, not as Node's Buffer, whose views are slow to make. */
function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
