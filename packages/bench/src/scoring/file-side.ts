import { open } from 'node:fs/promises';
import { DataError, decodeNpy, decodeSafetensors, type NpyArray, type Source, type StoredTensor, UsageError } from '@ganzoo/core';
import { listed } from './listed.js';
import type { Side, SideOptions } from './side.js';

/** Bytes that are read at a time. */
const AT_ONCE = 1 << 28;

/** An array of numbers as files hold it. */
type Numbers = Pick<NpyArray, 'shape' | 'data'>;

/**
 * Features [n, d] or images [n, h, w] or [n, h, w, c] from a .npy or .safetensors file.
 * @throws {DataError} when the file cannot be read, or holds something else.
 */
export async function fileSide(file: string, { key, range }: SideOptions): Promise<Side> {
  const bytes = await readWhole(file).catch((cause: unknown) => {
    throw new DataError(`${file} cannot be read: ${(cause as Error).message}.`, { remedy: 'Give a file that exists.', cause });
  });
  const { shape, data } = file.endsWith('.npy') ? decodeNpy(bytes, file) : tensorOf(bytes, file, key);
  const [rows = 0, ...sample] = shape;
  if (sample.length === 1) {
    const values = data instanceof Float32Array || data instanceof Float64Array ? data : Float64Array.from(data);
    return { name: file, kind: 'features', features: { data: values, rows, columns: sample[0] as number } };
  }
  const [height, width, channels = 1] = sample;
  if (sample.length < 2 || sample.length > 3 || height === undefined || width === undefined || (channels !== 1 && channels !== 3)) {
    throw new DataError(`${file} holds an array of ${shape.join(' x ')}.`, { remedy: 'Give features [n, d], or images [n, h, w] or [n, h, w, c] with 1 or 3 channels.' });
  }
  return { name: file, kind: 'images', images: imagesOf(file, data, { rows, shape: [height, width, channels], range }) };
}

/** A file's bytes, in one piece of memory: Node's `readFile` puts large ones together from pieces, which takes twice as much. */
async function readWhole(file: string): Promise<Uint8Array> {
  const handle = await open(file);
  try {
    const bytes = new Uint8Array((await handle.stat()).size);
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await handle.read(bytes, at, Math.min(AT_ONCE, bytes.length - at));
      if (bytesRead === 0) throw new Error('it became shorter while it was read');
      at += bytesRead;
    }
    return bytes;
  } finally {
    await handle.close();
  }
}

function tensorOf(bytes: Uint8Array, file: string, key: string | undefined): Numbers {
  const { tensors } = decodeSafetensors(bytes, file);
  const names = Object.keys(tensors);
  const name = key ?? (names.length === 1 ? names[0] : undefined);
  const tensor = name === undefined || !Object.hasOwn(tensors, name) ? undefined : tensors[name];
  if (tensor === undefined) {
    const problem = key === undefined ? `${file} holds ${names.length} tensors.` : `${file} holds no tensor '${key}'.`;
    throw new UsageError(problem, { remedy: `Choose one with --key: ${names.slice(0, 20).join(', ')}.` });
  }
  return { shape: tensor.shape, data: numbersOf(tensor, `'${name}' in ${file}`) };
}

function numbersOf({ dtype, data }: StoredTensor, name: string): Numbers['data'] {
  const { buffer } = new Uint8Array(data); // a copy: stored bytes need not be aligned
  if (dtype === 'F32') return new Float32Array(buffer);
  if (dtype === 'F64') return new Float64Array(buffer);
  if (dtype === 'I32') return new Int32Array(buffer);
  if (dtype === 'U8') return new Uint8Array(buffer);
  throw new DataError(`${name} is of type ${dtype}.`, { remedy: 'Convert it to F32, F64, I32 or U8.' });
}

interface Stack {
  readonly rows: number;
  readonly shape: readonly [number, number, number];
  readonly range: readonly [number, number] | undefined;
}

/** Images in [-1, 1], read from bytes 0 .. 255 or from numbers in a range. */
function imagesOf(file: string, data: Numbers['data'], { rows, shape, range }: Stack): Source {
  const [black, white] = data instanceof Uint8Array ? [0, 255] : rangeOf(file, data, range);
  const size = shape[0] * shape[1] * shape[2];
  return listed({ name: file, kind: 'images', shape }, rows, (index, into, start) => {
    for (let at = 0; at < size; at++) into[start + at] = (2 * ((data[index * size + at] as number) - black)) / (white - black) - 1;
  });
}

/**
 * What black and white are. Numbers below 0 say that it is [-1, 1]; without any, images may be in either range, so that it must be said.
 * @throws {DataError} when values lie outside, or are not finite.
 */
function rangeOf(file: string, data: Numbers['data'], asked: Stack['range']): readonly [number, number] {
  let [least, most] = [Infinity, -Infinity];
  for (const value of data) {
    if (!Number.isFinite(value)) throw new DataError(`${file} holds ${value}.`, { remedy: 'Images must be finite: look for a diverged generator.' });
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const range = asked ?? (least < 0 ? ([-1, 1] as const) : undefined);
  if (range === undefined) {
    throw new UsageError(`${file} holds images from ${least} to ${most}, and does not say what black and white are.`, { remedy: 'Say it: --range 0,1 or --range -1,1; bytes (uint8) are 0 to 255.' });
  }
  if (least < range[0] || most > range[1]) {
    throw new DataError(`${file} holds images from ${least} to ${most}, outside of [${range.join(', ')}].`, { remedy: 'Give the range that they have with --range, or save them as bytes.' });
  }
  return range;
}
