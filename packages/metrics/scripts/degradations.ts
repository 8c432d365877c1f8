import type { Random } from '@ganzoo/core';
import { noiseRung } from '../src/noise.js';

/** A number of square images of one channel, side by side in one array, in [-1, 1]. */
export interface Images {
  readonly values: Float32Array;
  readonly labels: Int32Array;
  /** In pixels. */
  readonly side: number;
}

/** Makes images worse, the more so the higher the level. Level 0 leaves them as they are. */
export interface Degradation {
  readonly name: string;
  /** Rising; what a level means is the degradation's own matter. */
  readonly levels: readonly number[];
  /** @param other images of another data set, as many. */
  apply(images: Images, level: number, random: Random, other: Images): Float32Array;
}

/** What a trusted extractor's distance must rise with, level by level. */
export const degradations: readonly Degradation[] = [
  { name: 'Gaussian noise (share)', levels: [0.1, 0.25, 0.5, 1], apply: ({ values }, share, random) => noiseRung(values, share, random) },
  { name: 'blur (sigma, px)', levels: [0.5, 1, 2, 4], apply: (images, sigma) => mapImages(images, (image) => blur(image, images.side, sigma)) },
  { name: 'rectangles (side / side of image)', levels: [0.25, 0.5, 0.75], apply: occlude },
  { name: 'swirl (radians at the centre)', levels: [0.5, 1, 2, 4], apply: (images, angle) => mapImages(images, (image) => swirl(image, images.side, angle)) },
  { name: 'salt and pepper (share)', levels: [0.02, 0.05, 0.1, 0.2, 0.4], apply: saltAndPepper },
  { name: 'another data set (share)', levels: [0.1, 0.25, 0.5, 1], apply: contaminate },
  { name: 'dropped classes', levels: [1, 3, 5, 9], apply: dropClasses },
  { name: 'checkerboard (amplitude)', levels: [0.1, 0.2, 0.4], apply: checkerboard },
];

function mapImages({ values, side }: Images, change: (image: Float32Array, index: number) => Float32Array): Float32Array {
  const size = side * side;
  const out = new Float32Array(values.length);
  for (let i = 0; i * size < values.length; i++) out.set(change(values.subarray(i * size, (i + 1) * size), i), i * size);
  return out;
}

/** Gaussian, one axis after the other; beyond the edge lies background. */
function blur(image: Float32Array, side: number, sigma: number): Float32Array {
  const radius = Math.ceil(3 * sigma);
  const kernel = Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)));
  const total = kernel.reduce((sum, value) => sum + value, 0);
  const along = (source: Float32Array, alongRows: boolean): Float32Array =>
    source.map((_, at) => {
      const [row, column] = [Math.floor(at / side), at % side];
      let sum = 0;
      for (let k = -radius; k <= radius; k++) {
        const [r, c] = alongRows ? [row, column + k] : [row + k, column];
        sum += (kernel[k + radius] as number) * pixel(source, side, r, c);
      }
      return sum / total;
    });
  return along(along(image, true), false);
}

/** Background rectangle (a square) at a random place. */
function occlude(images: Images, share: number, random: Random): Float32Array {
  const { side } = images;
  const edge = Math.round(share * side);
  return mapImages(images, (image) => {
    const top = random.integerNumber(side - edge + 1);
    const left = random.integerNumber(side - edge + 1);
    const inside = (at: number): boolean => {
      const [row, column] = [Math.floor(at / side) - top, (at % side) - left];
      return row >= 0 && row < edge && column >= 0 && column < edge;
    };
    return image.map((value, at) => (inside(at) ? -1 : value));
  });
}

/** Turned about the centre by an angle that falls off with the distance from it; bilinear. */
function swirl(image: Float32Array, side: number, angle: number): Float32Array {
  const middle = (side - 1) / 2;
  return image.map((_, at) => {
    const y = Math.floor(at / side) - middle;
    const x = (at % side) - middle;
    const turn = angle * Math.exp(-Math.hypot(x, y) / (side / 3));
    return bilinear(image, side, middle + x * Math.sin(turn) + y * Math.cos(turn), middle + x * Math.cos(turn) - y * Math.sin(turn));
  });
}

function bilinear(image: Float32Array, side: number, row: number, column: number): number {
  const [r, c] = [Math.floor(row), Math.floor(column)];
  const [down, right] = [row - r, column - c];
  const top = pixel(image, side, r, c) * (1 - right) + pixel(image, side, r, c + 1) * right;
  const bottom = pixel(image, side, r + 1, c) * (1 - right) + pixel(image, side, r + 1, c + 1) * right;
  return top * (1 - down) + bottom * down;
}

function pixel(image: Float32Array, side: number, row: number, column: number): number {
  return row < 0 || row >= side || column < 0 || column >= side ? -1 : (image[row * side + column] as number);
}

function saltAndPepper({ values }: Images, share: number, random: Random): Float32Array {
  return values.map((value) => (random.uniformNumber() < share ? (random.uniformNumber() < 0.5 ? -1 : 1) : value));
}

function contaminate(images: Images, share: number, _: Random, other: Images): Float32Array {
  const out = images.values.slice();
  const size = images.side ** 2;
  const replaced = Math.round(share * images.labels.length);
  out.set(other.values.subarray(0, replaced * size));
  return out;
}

/** Images of the first `count` classes give way to copies of images of the others. */
function dropClasses(images: Images, count: number, random: Random): Float32Array {
  const size = images.side ** 2;
  const kept = [...images.labels.keys()].filter((i) => (images.labels[i] as number) >= count);
  return mapImages(images, (image, i) => {
    if ((images.labels[i] as number) >= count) return image;
    const instead = kept[random.integerNumber(kept.length)] as number;
    return images.values.subarray(instead * size, (instead + 1) * size);
  });
}

/** Alternating pixels up and down: what averaged pixels cannot see. */
function checkerboard({ values, side }: Images, amplitude: number): Float32Array {
  return values.map((value, at) => value + ((Math.floor(at / side) + (at % side)) % 2 === 0 ? amplitude : -amplitude));
}
