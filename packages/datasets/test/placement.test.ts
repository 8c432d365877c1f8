import { describe, expect, it } from 'vitest';
import { placement, sizesOf } from '../src/placement.js';

/** An image as it is placed, as rows. */
function placed(image: Uint8Array, size: number): number[][] {
  const target = new Float32Array(size * size + 2).fill(9);
  placement(28, 1, size)(image, target, 1);
  expect([target[0], target.at(-1)]).toEqual([9, 9]); // writes its own place only
  return Array.from({ length: size }, (_, row) => Array.from(target.subarray(1 + row * size, 1 + (row + 1) * size)));
}

const image = Uint8Array.from({ length: 784 }, (_, i) => (i * 37) % 256);

describe('bringing images to a size', () => {
  it('maps bytes 0, 51, 255 to -1, -0.6, 1', () => {
    const [row] = placed(Uint8Array.from({ length: 784 }, (_, i) => [0, 51, 255][i] ?? 0), 28);
    expect(row?.slice(0, 3)).toEqual([-1, Math.fround(-0.6), 1]);
  });

  it('is x / 127.5 - 1 rounded to float32, for every byte', () => {
    const values = placed(image, 28).flat();
    image.forEach((byte, i) => expect(values[i]).toBe(Math.fround(byte / 127.5 - 1)));
  });

  it('has at 32 the picture of 28 in a margin of 2 pixels of background', () => {
    const [small, large] = [placed(image, 28), placed(image, 32)];
    expect(large.slice(2, 30).map((row) => row.slice(2, 30))).toEqual(small);
    const margin = large.flatMap((row, y) => row.filter((_, x) => y < 2 || y > 29 || x < 2 || x > 29));
    expect(new Set(margin)).toEqual(new Set([-1]));
  });

  it('enlarges a single pixel to 64 by the bilinear weights 1/4, 3/4, 3/4, 1/4 per axis', () => {
    const point = new Uint8Array(784);
    point[0] = 255; // at (2, 2) of 32, so at rows and columns 3 .. 6 of 64
    const rows = placed(point, 64);
    const weights = [0.25, 0.75, 0.75, 0.25];
    weights.forEach((down, y) =>
      weights.forEach((across, x) => expect(rows[3 + y]?.[3 + x]).toBeCloseTo(2 * down * across - 1, 6)),
    );
    expect(rows.flat().filter((value) => value !== -1)).toHaveLength(16);
  });

  it('keeps the mean when it enlarges to 64', () => {
    const mean = (rows: number[][]): number => rows.flat().reduce((sum, value) => sum + value, 0) / rows.flat().length;
    expect(mean(placed(image, 64))).toBeCloseTo(mean(placed(image, 32)), 5);
  });
});

describe('pictures of 32 x 32 in colour', () => {
  const colours = Uint8Array.from({ length: 32 * 32 * 3 }, (_, i) => (i * 37 + (i % 3) * 11) % 256);

  it('come in 32 and 64 pixels', () => {
    expect([sizesOf(28), sizesOf(32)]).toEqual([[28, 32, 64], [32, 64]]);
    const target = new Float32Array(colours.length);
    placement(32, 3, 32)(colours, target, 0);
    colours.forEach((byte, i) => expect(target[i]).toBe(Math.fround(byte / 127.5 - 1)));
  });

  it('are enlarged channel by channel, and beyond the edge lies the edge', () => {
    const target = new Float32Array(64 * 64 * 3);
    placement(32, 3, 64)(colours, target, 0);
    const old = (y: number, x: number, c: number): number => colours[(Math.min(31, Math.max(0, y)) * 32 + Math.min(31, Math.max(0, x))) * 3 + c] as number;
    for (let y = 0; y < 64; y++) {
      for (let x = 0; x < 64; x++) {
        const [v, u] = [(y + 0.5) / 2 - 0.5, (x + 0.5) / 2 - 0.5];
        const [top, left] = [Math.floor(v), Math.floor(u)];
        for (let c = 0; c < 3; c++) {
          const along = (row: number): number => old(row, left, c) * (1 - (u - left)) + old(row, left + 1, c) * (u - left);
          const expected = (along(top) * (1 - (v - top)) + along(top + 1) * (v - top)) / 127.5 - 1;
          expect(Math.abs((target[(y * 64 + x) * 3 + c] as number) - expected)).toBeLessThan(1e-6);
        }
      }
    }
  });
});
