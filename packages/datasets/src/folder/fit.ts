import { GREY } from '../channels.js';
import type { Picture } from './picture.js';

/** The middle of a picture, as large as it can be, brought to `side` x `side` pixels. */
export function fitSquare(picture: Picture, side: number): Picture {
  const square = cropped(picture);
  if (square.width === side) return square;
  const { width, channels, data } = square;
  const weights = triangleWeights(width, side);
  const narrow = resampled(Float64Array.from(data), { rows: width, columns: width, channels }, weights);
  const small = transposed(resampled(transposed(narrow, width, side, channels), { rows: side, columns: width, channels }, weights), side, side, channels);
  return { width: side, height: side, channels, data: Uint8Array.from(small, (value) => Math.min(255, Math.max(0, Math.round(value)))) };
}

/** Grey from colour by {@link GREY}, colour from grey by repetition. */
export function withChannels(picture: Picture, channels: 1 | 3): Picture {
  if (picture.channels === channels) return picture;
  const { data, width, height } = picture;
  const at = (i: number): number => data[i] as number;
  const converted =
    channels === 3
      ? Uint8Array.from({ length: data.length * 3 }, (_, i) => at(Math.floor(i / 3)))
      : Uint8Array.from({ length: data.length / 3 }, (_, i) => Math.round(GREY[0] * at(3 * i) + GREY[1] * at(3 * i + 1) + GREY[2] * at(3 * i + 2)));
  return { width, height, channels, data: converted };
}

function cropped({ width, height, channels, data }: Picture): Picture {
  const side = Math.min(width, height);
  const [top, left] = [Math.floor((height - side) / 2), Math.floor((width - side) / 2)];
  const square = new Uint8Array(side * side * channels);
  for (let row = 0; row < side; row++) {
    const from = ((top + row) * width + left) * channels;
    square.set(data.subarray(from, from + side * channels), row * side * channels);
  }
  return { width: side, height: side, channels, data: square };
}

/** What the pixels of a line become one pixel with. */
interface Tap {
  readonly first: number;
  readonly weights: readonly number[];
}

/**
 * Bilinear interpolation that takes in every pixel: a triangle, as wide as two old pixels when enlarging and as two new
 * ones when reducing, with half-pixel centres. What Pillow's BILINEAR and PyTorch's `antialias=True` do.
 */
function triangleWeights(from: number, to: number): Tap[] {
  const scale = from / to;
  const reach = Math.max(1, scale);
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.ceil(centre - reach - 0.5));
    const last = Math.min(from - 1, Math.floor(centre + reach - 0.5));
    const raw = Array.from({ length: last - first + 1 }, (_, k) => Math.max(0, 1 - Math.abs(first + k + 0.5 - centre) / reach));
    const sum = raw.reduce((total, weight) => total + weight, 0);
    return { first, weights: raw.map((weight) => weight / sum) };
  });
}

/** [rows, columns, channels] -> [rows, taps.length, channels] */
function resampled(data: Float64Array, { rows, columns, channels }: { rows: number; columns: number; channels: number }, taps: readonly Tap[]): Float64Array {
  const out = new Float64Array(rows * taps.length * channels);
  for (let row = 0, at = 0; row < rows; row++) {
    for (const { first, weights } of taps) {
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let k = 0; k < weights.length; k++) sum += (weights[k] as number) * (data[(row * columns + first + k) * channels + c] as number);
        out[at++] = sum;
      }
    }
  }
  return out;
}

/** [rows, columns, channels] -> [columns, rows, channels] */
function transposed(data: Float64Array, rows: number, columns: number, channels: number): Float64Array {
  const out = new Float64Array(data.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (let c = 0; c < channels; c++) out[(column * rows + row) * channels + c] = data[(row * columns + column) * channels + c] as number;
    }
  }
  return out;
}
