import { DataError } from './errors.js';

/** An array in NumPy's NPY format, in row-major (C) order whatever the file has. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly type: NpyType;
  /** Its length is the product of `shape`. */
  readonly data: Uint8Array | Int32Array | Float32Array | Float64Array;
}

/** As the header has it without the byte order: `u1` is uint8, `f4` float32. */
export type NpyType = keyof typeof TYPES;

/** What an NPY header says, and where the values lie. */
export interface NpyHeader {
  /** As written: `<f4`. */
  readonly descr: string;
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** First byte of the values. */
  readonly start: number;
}

const TYPES = { u1: Uint8Array, i4: Int32Array, f4: Float32Array, f8: Float64Array } as const;
const REMEDY = 'Write it again, with numpy.save.';
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
const PREAMBLE = 10; // magic, version and, in version 1, the header's length

/**
 * Reads the header of an array (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html), versions 1 to 3.
 * @param name how errors call the file
 * @throws {DataError} when the bytes do not begin with one
 */
export function readNpyHeader(bytes: Uint8Array, name: string, remedy = REMEDY): NpyHeader {
  if (!MAGIC.every((byte, i) => bytes[i] === byte)) throw new DataError(`${name} is not a NumPy array: it does not start with \\x93NUMPY.`, { remedy });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerAt = bytes[6] === 1 ? PREAMBLE : PREAMBLE + 2;
  checkLength(bytes, headerAt, name, remedy);
  const start = headerAt + (bytes[6] === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  checkLength(bytes, start, name, remedy);
  const header = new TextDecoder().decode(bytes.subarray(headerAt, start));
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const fortran = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const sizes = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  const shape = (sizes ?? '').split(',').map((side) => side.trim()).filter((side) => side !== '').map(Number);
  if (descr === undefined || fortran === undefined || sizes === undefined || !Number.isSafeInteger(8 * product(shape))) {
    throw new DataError(`${name} has a NumPy header that cannot be read: ${header.trim().slice(0, 200)}`, { remedy });
  }
  return { descr, fortran: fortran === 'True', shape, start };
}

/** @throws {DataError} when there are fewer bytes than that. */
export function checkLength(bytes: Uint8Array, needed: number, name: string, remedy = REMEDY): void {
  if (bytes.length < needed) throw new DataError(`${name} is truncated: it needs ${needed} bytes and has ${bytes.length}.`, { remedy });
}

/**
 * Reads an array of uint8, int32, float32 or float64, in C or Fortran order. The values are not copied when they are in C order and
 * lie where their type can be read.
 * @param name how errors call the file
 * @throws {DataError} when the bytes are not such an array, not all of it, or more than it
 */
export function decodeNpy(bytes: Uint8Array, name: string): NpyArray {
  const { descr, fortran, shape, start } = readNpyHeader(bytes, name);
  const type = /^[|<=](\w+)$/.exec(descr)?.[1] as NpyType;
  if (!Object.hasOwn(TYPES, type)) {
    throw new DataError(`${name} holds values of type '${descr}'.`, { remedy: "Convert it to uint8, int32, float32 or float64, little-endian: array.astype('<f4')." });
  }
  const end = start + product(shape) * TYPES[type].BYTES_PER_ELEMENT;
  checkLength(bytes, end, name);
  if (bytes.length > end) throw new DataError(`${name} has ${bytes.length - end} bytes behind its ${product(shape)} values.`, { remedy: REMEDY });
  const values = valuesAt(bytes.subarray(start, end), TYPES[type]);
  return { shape, type, data: fortran ? transposed(values, shape) : values };
}

/** An array of float32 in C order, format version 1.0. */
export function encodeNpy(values: Float32Array, shape: readonly number[]): Uint8Array {
  const describe = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
  const headerLength = Math.ceil((PREAMBLE + describe.length + 1) / 64) * 64 - PREAMBLE; // values begin at a multiple of 64
  const bytes = new Uint8Array(PREAMBLE + headerLength + values.byteLength);
  bytes.set([...MAGIC, 1, 0, headerLength & 255, headerLength >> 8]);
  bytes.set(new TextEncoder().encode(`${describe.padEnd(headerLength - 1)}\n`), PREAMBLE);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => view.setFloat32(PREAMBLE + headerLength + 4 * i, value, true));
  return bytes;
}

function valuesAt(bytes: Uint8Array, type: (typeof TYPES)[NpyType]): NpyArray['data'] {
  const aligned = bytes.byteOffset % type.BYTES_PER_ELEMENT === 0 ? bytes : new Uint8Array(bytes);
  return new type(aligned.buffer as ArrayBuffer, aligned.byteOffset, aligned.byteLength / type.BYTES_PER_ELEMENT);
}

/** From Fortran order, in which the first index runs fastest, to C order. */
function transposed(values: NpyArray['data'], shape: readonly number[]): NpyArray['data'] {
  const result = values.slice();
  const index = shape.map(() => 0);
  const strides = shape.map((_, axis) => product(shape.slice(0, axis)));
  let from = 0;
  for (let at = 0; at < result.length; at++) {
    result[at] = values[from] as number;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis] as number;
      index[axis] = (index[axis] as number) + 1;
      if ((index[axis] as number) < (shape[axis] as number)) break;
      from -= (strides[axis] as number) * (shape[axis] as number);
      index[axis] = 0;
    }
  }
  return result;
}

function product(sides: readonly number[]): number {
  return sides.reduce((result, side) => result * side, 1);
}
