import { DataError } from '@ganzoo/core';
import type { Picture } from './picture.js';

/** A RIFF container of WebP (https://developers.google.com/speed/webp/docs/riff_container). */
export function isWebp(bytes: Uint8Array): boolean {
  return bytes.length >= 30 && text(bytes, 0) === 'RIFF' && text(bytes, 8) === 'WEBP';
}

/**
 * Size of a WebP file, from the header of its first chunk: lossy (VP8), lossless (VP8L) or extended (VP8X).
 * @param name how errors call the file
 * @throws {DataError} when it is none of these
 */
export function webpSize(bytes: Uint8Array, name: string): Pick<Picture, 'width' | 'height'> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kind = text(bytes, 12);
  if (kind === 'VP8 ') return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  if (kind === 'VP8L') {
    const bits = view.getUint32(21, true); // 14 bits each, less one
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (kind === 'VP8X') return { width: (view.getUint32(24, true) & 0xffffff) + 1, height: (view.getUint32(26, true) >>> 8) + 1 };
  throw new DataError(`${name} is no WebP file that can be read: its first chunk is '${kind}'.`, { remedy: 'Convert it to PNG, or take it out of the folder.' });
}

/**
 * Decodes a WebP file with sharp, which the user installs: an optional peer. What is transparent is put on black.
 * @throws {DataError} when sharp is not there, or the file is damaged
 */
export async function decodeWebp(bytes: Uint8Array, name: string): Promise<Picture> {
  const { default: sharp } = await import('sharp').catch((cause: unknown) => {
    throw new DataError(`${name} is a WebP file, which takes sharp to be read.`, { remedy: 'Install it (npm install sharp), or convert the pictures to PNG.', cause });
  });
  try {
    const { data, info } = await sharp(bytes, { failOn: 'warning' }).flatten({ background: '#000' }).toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, channels: 3, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
  } catch (cause) {
    throw new DataError(`${name} cannot be decoded: ${(cause as Error).message}.`, { remedy: 'Replace it, or take it out of the folder.', cause });
  }
}

function text(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
