import type { Random } from '@ganzoo/core';
import { noiseRung } from '../src/noise.js';

/** A number of square images, side by side in one array, in [-1, 1]. */
export interface Images {
  /** [n, side, side, channels] */
  readonly values: Float32Array;
  readonly labels: Int32Array;
  /** In pixels. */
  readonly side: number;
  readonly channels: number;
}

/** One image, or one channel of it: [side, side]. */
interface Plane {
  readonly values: Float32Array;
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
  { name: 'blur (sigma, px)', levels: [0.5, 1, 2, 4], apply: (images, sigma) => mapPlanes(images, (plane) => blur(plane, sigma)) },
  { name: 'rectangles (side / side of image)', levels: [0.25, 0.5, 0.75], apply: occlude },
  { name: 'swirl (radians at the centre)', levels: [0.5, 1, 2, 4], apply: (images, angle) => mapPlanes(images, (plane) => swirl(plane, angle)) },
  { name: 'salt and pepper (share)', levels: [0.02, 0.05, 0.1, 0.2, 0.4], apply: saltAndPepper },
  { name: 'another data set (share)', levels: [0.1, 0.25, 0.5, 1], apply: contaminate },
  { name: 'dropped classes (share)', levels: [0.1, 0.3, 0.5, 0.9], apply: dropClasses },
  { name: 'checkerboard (amplitude)', levels: [0.1, 0.2, 0.4], apply: checkerboard },
];

/** Every channel of every image by itself. */
function mapPlanes(images: Images, change: (plane: Plane) => Float32Array): Float32Array {
  const { values, side, channels } = images;
  const out = new Float32Array(values.length);
  const plane = new Float32Array(side * side);
  for (let image = 0; image < values.length; image += plane.length * channels) {
    for (let c = 0; c < channels; c++) {
      for (let at = 0; at < plane.length; at++) plane[at] = values[image + at * channels + c] as number;
      change({ values: plane, side }).forEach((value, at) => (out[image + at * channels + c] = value));
    }
  }
  return out;
}

function mapImages({ values, side, channels }: Images, change: (image: Float32Array, index: number) => Float32Array): Float32Array {
  const size = side * side * channels;
  const out = new Float32Array(values.length);
  for (let i = 0; i * size < values.length; i++) out.set(change(values.subarray(i * size, (i + 1) * size), i), i * size);
  return out;
}

/** Gaussian, one axis after the other; beyond the edge lies background. */
function blur({ values, side }: Plane, sigma: number): Float32Array {
  const radius = Math.ceil(3 * sigma);
  const kernel = Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)));
  const total = kernel.reduce((sum, value) => sum + value, 0);
  const along = (source: Float32Array, alongRows: boolean): Float32Array =>
    source.map((_, at) => {
      const [row, column] = [Math.floor(at / side), at % side];
      let sum = 0;
      for (let k = -radius; k <= radius; k++) {
        const [r, c] = alongRows ? [row, column + k] : [row + k, column];
        sum += (kernel[k + radius] as number) * pixel({ values: source, side }, r, c);
      }
      return sum / total;
    });
  return along(along(values, true), false);
}

/** Background rectangle (a square) at a random place. */
function occlude(images: Images, share: number, random: Random): Float32Array {
  const { side, channels } = images;
  const edge = Math.round(share * side);
  return mapImages(images, (image) => {
    const top = random.integerNumber(side - edge + 1);
    const left = random.integerNumber(side - edge + 1);
    const inside = (pixelAt: number): boolean => {
      const [row, column] = [Math.floor(pixelAt / side) - top, (pixelAt % side) - left];
      return row >= 0 && row < edge && column >= 0 && column < edge;
    };
    return image.map((value, at) => (inside(Math.floor(at / channels)) ? -1 : value));
  });
}

/** Turned about the centre by an angle that falls off with the distance from it; bilinear. */
function swirl(plane: Plane, angle: number): Float32Array {
  const { values, side } = plane;
  const middle = (side - 1) / 2;
  return values.map((_, at) => {
    const y = Math.floor(at / side) - middle;
    const x = (at % side) - middle;
    const turn = angle * Math.exp(-Math.hypot(x, y) / (side / 3));
    return bilinear(plane, middle + x * Math.sin(turn) + y * Math.cos(turn), middle + x * Math.cos(turn) - y * Math.sin(turn));
  });
}

function bilinear(plane: Plane, row: number, column: number): number {
  const [r, c] = [Math.floor(row), Math.floor(column)];
  const [down, right] = [row - r, column - c];
  const top = pixel(plane, r, c) * (1 - right) + pixel(plane, r, c + 1) * right;
  const bottom = pixel(plane, r + 1, c) * (1 - right) + pixel(plane, r + 1, c + 1) * right;
  return top * (1 - down) + bottom * down;
}

function pixel({ values, side }: Plane, row: number, column: number): number {
  return row < 0 || row >= side || column < 0 || column >= side ? -1 : (values[row * side + column] as number);
}

/** Of pixels, all channels alike. */
function saltAndPepper(images: Images, share: number, random: Random): Float32Array {
  const { values, channels } = images;
  const out = values.slice();
  for (let at = 0; at < out.length; at += channels) {
    if (random.uniformNumber() < share) out.fill(random.uniformNumber() < 0.5 ? -1 : 1, at, at + channels);
  }
  return out;
}

function contaminate(images: Images, share: number, _: Random, other: Images): Float32Array {
  const out = images.values.slice();
  const size = images.side ** 2 * images.channels;
  const replaced = Math.round(share * images.labels.length);
  out.set(other.values.subarray(0, replaced * size));
  return out;
}

/** Images of the first classes, a share of all classes, give way to copies of images of the others. */
function dropClasses(images: Images, share: number, random: Random): Float32Array {
  const size = images.side ** 2 * images.channels;
  const count = share * (Math.max(...images.labels) + 1);
  const kept = [...images.labels.keys()].filter((i) => (images.labels[i] as number) >= count);
  return mapImages(images, (image, i) => {
    if ((images.labels[i] as number) >= count) return image;
    const instead = kept[random.integerNumber(kept.length)] as number;
    return images.values.subarray(instead * size, (instead + 1) * size);
  });
}

/** Alternating pixels up and down: what averaged pixels cannot see. */
function checkerboard({ values, side, channels }: Images, amplitude: number): Float32Array {
  return values.map((value, at) => {
    const place = Math.floor(at / channels);
    return value + ((Math.floor(place / side) + (place % side)) % 2 === 0 ? amplitude : -amplitude);
  });
}
