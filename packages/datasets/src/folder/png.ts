import { decode, type DecodedPng, hasPngSignature } from 'fast-png';
import { inflateSync } from 'node:zlib';

const SIGNATURE = 8;
/** What stands around the data of a chunk: its length and type before, its CRC behind. */
const [BEFORE, AROUND] = [8, 12];
/** Chunks that say what the pixels are. All others - profiles, texts, which may be compressed too - are passed over. */
const ESSENTIAL = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);
/** Samples per pixel, by colour type. */
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const MOST_PIXELS = 2 ** 26;
const MOST_PALETTE = 3 * 256;

export const isPng = (bytes: Uint8Array): boolean => bytes.length >= SIGNATURE && hasPngSignature(bytes);

/**
 * Decodes a PNG file (https://www.w3.org/TR/png-3/) once it is known that its pixels are as many as it says, and not too many:
 * a few bytes may unpack to more than any memory holds.
 * @throws {Error} when it is damaged or too large
 */
export function decodePng(bytes: Uint8Array): DecodedPng {
  const chunks = essentialChunks(bytes);
  const [header, ...others] = chunks;
  if (header?.type !== 'IHDR' || header.data.length !== 13) throw new Error('it does not begin with an IHDR chunk');
  checkPixels(header.data, others);
  const parts = [bytes.subarray(0, SIGNATURE), ...chunks.map(({ whole }) => whole)];
  return decode(Buffer.concat(parts), { checkCrc: true });
}

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
  /** With its length, type and CRC. */
  readonly whole: Uint8Array;
}

function essentialChunks(bytes: Uint8Array): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE; ; ) {
    if (at + AROUND > bytes.length) throw new Error('it ends before its IEND chunk');
    const end = at + AROUND + view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + BEFORE));
    if (end > bytes.length) throw new Error(`its chunk ${type} goes on behind its end`);
    if (ESSENTIAL.has(type)) chunks.push({ type, data: bytes.subarray(at + BEFORE, end - 4), whole: bytes.subarray(at, end) });
    if (type === 'IEND') return chunks;
    at = end;
  }
}

function checkPixels(header: Uint8Array, others: readonly Chunk[]): void {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const [width, height, depth, samples] = [view.getUint32(0), view.getUint32(4), header[8] as number, SAMPLES[header[9] as number]];
  if (others.some(({ type }) => type === 'IHDR')) throw new Error('it has two IHDR chunks');
  if (samples === undefined) throw new Error(`its colour type ${header[9]} is none`);
  if (width === 0 || height === 0 || width * height > MOST_PIXELS) throw new Error(`it says that it has ${width} x ${height} pixels; 1 to ${MOST_PIXELS} are read`);
  if (others.some(({ type, data }) => type === 'PLTE' && data.length > MOST_PALETTE)) throw new Error('its palette has more than 256 colours');
  const bits = width * height * samples * depth;
  // Each row begins with a byte for its filter and ends with a whole byte; interlaced, there are almost twice as many rows.
  const most = Math.ceil(bits / 8) + 2 * (2 * height + 7);
  const packed = others.filter(({ type }) => type === 'IDAT').map(({ data }) => data);
  const pixels = inflateSync(Buffer.concat(packed), { maxOutputLength: most });
  if (pixels.length * 8 < bits) throw new Error('it has fewer pixels than it says');
}
