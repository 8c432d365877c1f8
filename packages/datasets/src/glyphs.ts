import { Random } from '@ganzoo/core';
import type { DatasetDefinition } from './definition.js';
import { writeDigit } from './glyphs/handwriting.js';
import { drawLines } from './glyphs/raster.js';
import type { ImageBytes } from './image-dataset.js';
import { imageDataset } from './image-dataset.js';
import { NATIVE_SIDE, sizesOf } from './placement.js';
import type { OfficialSplit } from './splits.js';
import { splitSizes } from './splits.js';

/** Number of glyphs in each official split. */
export const OFFICIAL = { train: 60_000, test: 10_000 };
const CLASSES = 10;
const PIXELS = NATIVE_SIDE * NATIVE_SIDE;

/**
 * The default data set: digits drawn by this package, nothing to download.
 *
 * Every image is a pure function of its split and index. Its bytes are the same on every machine: they come from
 * integers, the four operations and square roots, all of which IEEE 754 rounds correctly, and a test pins their hash.
 */
export const glyphs: DatasetDefinition = {
  name: 'glyphs',
  description: 'Embedded: digits as many hands would write them, drawn from stroke templates, 28x28 grey.',
  shape: [NATIVE_SIDE, NATIVE_SIDE, 1],
  sizes: sizesOf(NATIVE_SIDE),
  channels: [1, 3],
  classes: CLASSES,
  classNames: Array.from({ length: CLASSES }, (_, digit) => String(digit)),
  splits: splitSizes(OFFICIAL),
  licence: 'MIT, as this package',
  sources: [],
  load: (options = {}) => imageDataset(glyphs, OFFICIAL, async (split) => new Glyphs(split), options),
};

/** The glyphs of an official split, or other ones of another stream. Each is drawn when it is first read, and kept. */
export class Glyphs implements ImageBytes {
  readonly length: number;
  private readonly pixels: Uint8Array;
  private readonly labels: Uint8Array;
  private readonly drawn: Uint8Array;

  constructor(
    private readonly split: OfficialSplit,
    private readonly stream = 'glyphs',
  ) {
    this.length = OFFICIAL[split];
    this.pixels = new Uint8Array(this.length * PIXELS);
    this.labels = new Uint8Array(this.length);
    this.drawn = new Uint8Array(this.length);
  }

  image(index: number): Uint8Array {
    this.draw(index);
    return this.pixels.subarray(index * PIXELS, (index + 1) * PIXELS);
  }

  label(index: number): number {
    this.draw(index);
    return this.labels[index] as number;
  }

  private draw(index: number): void {
    if (this.drawn[index] === 1) return;
    const random = Random.of(this.stream, 1, this.split, index);
    const digit = random.integerNumber(CLASSES);
    const { lines, softness } = writeDigit(digit, NATIVE_SIDE, random);
    drawLines(lines, softness, this.pixels.subarray(index * PIXELS, (index + 1) * PIXELS), NATIVE_SIDE);
    this.labels[index] = digit;
    this.drawn[index] = 1;
  }
}
