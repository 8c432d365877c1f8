import { sampleSize, UsageError } from '@ganzoo/core';
import { encode } from 'fast-png';

/** Pixels between images, and around them. */
const GAP = 2;
const BACKGROUND = 32;

/**
 * Images side by side as a PNG, row by row, with a gap of 2 pixels between and around them.
 * @param values [n, h, w, c] in [-1, 1]; what lies outside is cut off to the nearest grey or colour.
 * @param shape [h, w, c], c 1 or 3.
 * @param columns @default the square root of n, rounded up
 */
export function encodeGrid(values: Float32Array, shape: readonly number[], columns?: number): Uint8Array {
  const [height, width, channels] = imageShape(shape);
  const count = values.length / sampleSize({ shape });
  const across = columns ?? Math.ceil(Math.sqrt(count));
  const down = Math.ceil(count / across);
  const stride = across * (width + GAP) + GAP;
  const rows = down * (height + GAP) + GAP;
  const data = new Uint8Array(stride * rows * channels).fill(BACKGROUND);
  for (let i = 0; i < count; i++) {
    const top = GAP + Math.floor(i / across) * (height + GAP);
    const left = GAP + (i % across) * (width + GAP);
    for (let row = 0; row < height; row++) {
      const from = (i * height + row) * width * channels;
      data.set(toBytes(values.subarray(from, from + width * channels)), ((top + row) * stride + left) * channels);
    }
  }
  return encode({ width: stride, height: rows, data, channels, depth: 8 });
}

/** The most classes that a grid has a column for. */
const MOST_COLUMNS = 16;

/** So many columns that each label has one, where labels go round (0, 1, .. 9, 0, 1, ..). */
export function columnsOfLabels(labels: ArrayLike<number> | undefined): number | undefined {
  const round = Array.from(labels ?? []);
  const period = round.indexOf(round[0] as number, 1);
  return period > 1 && period <= MOST_COLUMNS && round.every((label, i) => label === round[i % period]) ? period : undefined;
}

/** One image as a PNG. @param values [h, w, c] in [-1, 1] */
export function encodeImage(values: Float32Array, shape: readonly number[]): Uint8Array {
  const [height, width, channels] = imageShape(shape);
  return encode({ width, height, data: toBytes(values), channels, depth: 8 });
}

/** -1 -> 0, 1 -> 255, to the nearest. */
function toBytes(values: Float32Array): Uint8ClampedArray {
  return Uint8ClampedArray.from(values, (value) => (value + 1) * 127.5);
}

function imageShape(shape: readonly number[]): [height: number, width: number, channels: number] {
  const [height, width, channels] = shape;
  if (shape.length !== 3 || (channels !== 1 && channels !== 3)) {
    throw new UsageError(`Samples of shape ${shape.join('x')} are no pictures.`, { remedy: 'Draw images with 1 or 3 channels.' });
  }
  return [height as number, width as number, channels];
}
