import { DataError } from '@ganzoo/core';
import { promisify } from 'node:util';
import { crc32, gunzip } from 'node:zlib';
import yauzl from 'yauzl';

const inflate = promisify(gunzip);
const REMEDY = 'Replace it with a fresh copy of the published file.';

/**
 * The content of a .gz file. zlib checks its length and CRC-32.
 * @param most bytes that the content may have: a file of more is given up before they are all there
 * @throws {DataError} when it is not gzip, is truncated, is damaged, or has a larger content
 */
export async function decompressGzip(bytes: Uint8Array, name: string, most: number): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) {
    throw new DataError(`${name} is not a gzip file${bytes.length === 0 ? ': it is empty' : ''}.`, {
      remedy: 'Replace it with the published file, still compressed.',
    });
  }
  try {
    return plain(await inflate(bytes, { maxOutputLength: Math.max(1, most) }));
  } catch (error) {
    throw gzipError(error, name, most);
  }
}

/** What went wrong in a gzip stream. @param most bytes that it was allowed to have */
export function gzipError(error: unknown, name: string, most: number): DataError {
  const { code, message } = error as { code?: string; message: string };
  if (code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(name, most, error);
  const problem = code === 'Z_BUF_ERROR' ? 'truncated: the gzip data end too early' : `damaged: ${message}`;
  return new DataError(`${name} is ${problem}.`, { remedy: REMEDY, cause: error });
}

/** A small file may unpack to more than any memory holds. */
export function tooLarge(name: string, most: number, cause?: unknown): DataError {
  return new DataError(`${name} unpacks to more than the ${most} bytes that it should hold.`, { remedy: REMEDY, cause });
}

/**
 * The only entry of a .npz file, which is a ZIP archive.
 * @param most bytes that the entry may have
 * @throws {DataError} when it is not ZIP, is truncated or damaged, does not hold one entry, or a larger one
 */
export async function decompressNpz(bytes: Uint8Array, name: string, most: number): Promise<Uint8Array> {
  try {
    const archive = await yauzl.fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    const entries: yauzl.Entry[] = [];
    for await (const entry of archive.eachEntry()) if (entries.push(entry) > 1) break;
    const [entry] = entries;
    if (entry === undefined || entries.length > 1) throw new Error(`it holds ${entries.length === 0 ? 'no array' : 'more arrays than one'}`);
    if (entry.uncompressedSize > most) throw tooLarge(name, most);
    const chunks: Buffer[] = [];
    for await (const chunk of await archive.openReadStreamPromise(entry)) chunks.push(chunk as Buffer); // yauzl stops at the size that was checked
    const content = Buffer.concat(chunks);
    if (crc32(content) !== entry.crc32) throw new Error('its content does not match its CRC-32');
    return plain(content);
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(`${name} is not an intact .npz file: ${(error as Error).message}.`, { remedy: REMEDY, cause: error });
  }
}

/** The same bytes, not as Node's Buffer, whose views are slow to make. */
function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
