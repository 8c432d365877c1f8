import type { Direction } from '@ganzoo/core';

/** A colour as red, green and blue in [-1, 1]. */
type Colour = readonly [red: number, green: number, blue: number];

const INK: Colour = [-0.6, -0.8, 0.4];
/** Paper with a weave: diagonal stripes, light and a little darker, that repeat every 4 pixels. */
const LIGHT: Colour = [1, 0.8, 0.4];
const SHADED: Colour = [0.8, 0.4, -0.2];
const PERIOD = 4;

/**
 * The true mapping of `glyph-pairs`, pixel by pixel. A white drawing on black with coverage m in [0, 1] (a = 2m - 1 in
 * all three channels) and the same drawing in blue ink on striped paper correspond by
 *
 *   b = (1 - m) paper(x, y) + m ink,    paper(x, y) = light where (x + y) mod 4 < 2, else shaded,
 *   m = <b - paper, ink - paper> / |ink - paper|^2
 *
 * For images that are no drawings - a network's - m is cut to [0, 1], and a's three channels are averaged.
 * @param values [n, side, side, 3] in [-1, 1]
 * @returns [n, side, side, 3]
 */
export function mapGlyphs(values: Float32Array, direction: Direction, side: number): Float32Array {
  const mapped = new Float32Array(values.length);
  for (let at = 0, pixel = 0; at < values.length; at += 3, pixel++) {
    const paper = paperAt(pixel % side, Math.floor(pixel / side) % side);
    const m = direction === 'AtoB' ? coverageOfWhite(values, at) : coverageOfInk(values, at, paper);
    for (let c = 0; c < 3; c++) {
      const background = paper[c] as number;
      mapped[at + c] = direction === 'AtoB' ? background + m * ((INK[c] as number) - background) : 2 * m - 1;
    }
  }
  return mapped;
}

function paperAt(x: number, y: number): Colour {
  return (x + y) % PERIOD < PERIOD / 2 ? LIGHT : SHADED;
}

function coverageOfWhite(values: Float32Array, at: number): number {
  const sum = (values[at] as number) + (values[at + 1] as number) + (values[at + 2] as number);
  return unit((sum / 3 + 1) / 2);
}

function coverageOfInk(values: Float32Array, at: number, paper: Colour): number {
  let [along, length] = [0, 0];
  for (let c = 0; c < 3; c++) {
    const step = (INK[c] as number) - (paper[c] as number);
    along += ((values[at + c] as number) - (paper[c] as number)) * step;
    length += step * step;
  }
  return unit(along / length);
}

function unit(value: number): number {
  return Math.min(1, Math.max(0, value));
}
