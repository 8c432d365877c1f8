import { CheckpointError } from './errors.js';

/**
 * The safetensors container (https://github.com/huggingface/safetensors#format): an 8-byte little-endian header
 * length, a JSON header with dtype, shape and byte range of each tensor, then the bytes. Python reads what is written here.
 */
export interface StoredTensor {
  readonly dtype: StoredType;
  readonly shape: readonly number[];
  /** Little-endian values, row-major. */
  readonly data: Uint8Array;
}

const BYTES_PER_VALUE = { F64: 8, F32: 4, F16: 2, I64: 8, I32: 4, I16: 2, I8: 1, U8: 1, BOOL: 1 } as const;
export type StoredType = keyof typeof BYTES_PER_VALUE;

/** A header of more than this is refused before it is read; the format's own limit. */
const MAX_HEADER_BYTES = 100_000_000;

/** Tensors are laid out in the order of their names, so that equal content gives equal bytes. */
export function encodeSafetensors(
  tensors: Readonly<Record<string, StoredTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length > 0) header.__metadata__ = metadata;
  const names = Object.keys(tensors).sort();
  let offset = 0;
  for (const name of names) {
    const { dtype, shape, data } = tensors[name] as StoredTensor;
    header[name] = { dtype, shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(json.byteLength / 8) * 8; // the data start aligned; the header is padded with spaces
  const file = new Uint8Array(8 + padded + offset);
  new DataView(file.buffer).setBigUint64(0, BigInt(padded), true);
  file.fill(0x20, 8, 8 + padded);
  file.set(json, 8);
  let position = 8 + padded;
  for (const name of names) {
    const { data } = tensors[name] as StoredTensor;
    file.set(data, position);
    position += data.byteLength;
  }
  return file;
}

export interface Safetensors {
  /** The data are views into the bytes that were given. */
  readonly tensors: Record<string, StoredTensor>;
  readonly metadata: Record<string, string>;
}

/**
 * @param name what to call the bytes in an error, usually the file.
 * @throws {CheckpointError} when the bytes are not a whole, consistent safetensors container.
 */
export function decodeSafetensors(bytes: Uint8Array, name = 'The safetensors data'): Safetensors {
  const damaged = (what: string): CheckpointError =>
    new CheckpointError(`${name} is not a valid safetensors file: ${what}.`, {
      remedy: 'Restore the file from a copy, or start from another checkpoint.',
    });

  if (bytes.byteLength < 8) throw damaged(`it has ${bytes.byteLength} bytes, fewer than its header length takes`);
  const headerBytes = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (headerBytes > MAX_HEADER_BYTES || Number(headerBytes) > bytes.byteLength - 8) {
    throw damaged(`its header claims ${headerBytes} bytes of ${bytes.byteLength}`);
  }
  const start = 8 + Number(headerBytes);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, start)));
  } catch {
    throw damaged('its header is not JSON');
  }
  if (!isRecord(header)) throw damaged('its header is not an object');

  const tensors: Record<string, StoredTensor> = {};
  let metadata: Record<string, string> = {};
  let covered = 0;
  for (const [key, entry] of Object.entries(header)) {
    if (key === '__metadata__') {
      if (!isRecord(entry) || !Object.values(entry).every((value) => typeof value === 'string')) {
        throw damaged('its metadata are not strings');
      }
      metadata = entry as Record<string, string>;
      continue;
    }
    const { dtype, shape, begin, end } = readEntry(entry) ?? fail(damaged(`the entry of '${key}' is malformed`));
    if (begin > end || end > bytes.byteLength - start) throw damaged(`'${key}' lies outside the file, which may be truncated`);
    const values = shape.reduce((product, side) => product * side, 1);
    if (values * BYTES_PER_VALUE[dtype] !== end - begin) throw damaged(`'${key}' has ${end - begin} bytes for ${values} values of ${dtype}`);
    tensors[key] = { dtype, shape, data: bytes.subarray(start + begin, start + end) };
    covered += end - begin;
  }
  if (covered !== bytes.byteLength - start) throw damaged(`its tensors cover ${covered} of ${bytes.byteLength - start} bytes`);
  return { tensors, metadata };
}

/** The bytes of an array, not copied. */
export function bytesOf(values: Float32Array | Int32Array | Uint16Array): Uint8Array {
  assertLittleEndian();
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** The values of a stored F32 or I32 tensor, copied, since stored bytes need not be aligned. */
export function valuesOf({ dtype, data }: StoredTensor): Float32Array | Int32Array {
  assertLittleEndian();
  const { buffer } = new Uint8Array(data);
  if (dtype === 'F32') return new Float32Array(buffer);
  if (dtype === 'I32') return new Int32Array(buffer);
  throw new CheckpointError(`A tensor of type ${dtype} cannot be read as numbers here.`, { remedy: 'Convert it to F32 or I32.' });
}

function readEntry(entry: unknown): { dtype: StoredType; shape: number[]; begin: number; end: number } | undefined {
  if (!isRecord(entry)) return undefined;
  const { dtype, shape, data_offsets: offsets } = entry;
  const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
  if (typeof dtype !== 'string' || !(dtype in BYTES_PER_VALUE)) return undefined;
  if (!Array.isArray(shape) || !shape.every(isCount)) return undefined;
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) return undefined;
  return { dtype: dtype as StoredType, shape, begin: offsets[0] as number, end: offsets[1] as number };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fail(error: Error): never {
  throw error;
}

function assertLittleEndian(): void {
  if (new Uint8Array(new Uint32Array([1]).buffer)[0] !== 1) {
    throw new CheckpointError('This machine is big-endian; safetensors files are little-endian.', { remedy: 'Use a little-endian machine.' });
  }
}
