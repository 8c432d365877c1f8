import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { columnsOfLabels, encodeGrid, encodeImage } from '../src/grid.js';

/** Image i of shape [2, 3, 1] is filled with one value. */
function filled(values: readonly number[], size: number): Float32Array {
  return Float32Array.from(values.flatMap((value) => Array.from({ length: size }, () => value)));
}

describe('a grid of images', () => {
  it('lies row by row with 2 pixels between and around, and -1, 0, 1 become 0, 128, 255', () => {
    const { width, height, channels, data } = decode(encodeGrid(filled([-1, 0, 1, 0.5], 6), [2, 3, 1]));
    expect([width, height, channels]).toEqual([2 + 3 + 2 + 3 + 2, 2 + 2 + 2 + 2 + 2, 1]);
    const pixel = (x: number, y: number): number | undefined => data[y * width + x];
    expect([pixel(2, 2), pixel(4, 3)]).toEqual([0, 0]);
    expect([pixel(7, 2), pixel(9, 3)]).toEqual([128, 128]);
    expect([pixel(2, 6), pixel(4, 7)]).toEqual([255, 255]);
    expect([pixel(7, 6), pixel(9, 7)]).toEqual([191, 191]); // 1.5 * 127.5 = 191.25
    const gap = 32;
    expect([pixel(0, 0), pixel(1, 2), pixel(5, 2), pixel(6, 3), pixel(3, 4), pixel(3, 5), pixel(11, 9)]).toEqual(Array.from({ length: 7 }, () => gap));
  });

  it('keeps the pixels of an image in their order, with colours', () => {
    const values = Float32Array.of(-1, 0, 1, 1, -1, 0, 0.2, 0.3, 0.6, -0.2, -0.3, -0.6);
    const image = decode(encodeImage(values, [2, 2, 3]));
    expect([image.width, image.height, image.channels]).toEqual([2, 2, 3]);
    expect([...image.data]).toEqual([0, 128, 255, 255, 0, 128, 153, 166, 204, 102, 89, 51]);
  });

  it('has 8 rows of 8 for 64 images, and leaves the rest of the last row empty', () => {
    expect(decode(encodeGrid(new Float32Array(64), [1, 1, 1]))).toMatchObject({ width: 8 * 3 + 2, height: 8 * 3 + 2 });
    expect(decode(encodeGrid(new Float32Array(5), [1, 1, 1]))).toMatchObject({ width: 3 * 3 + 2, height: 2 * 3 + 2 });
  });

  it('cuts off what is brighter than white and darker than black', () => {
    expect([...decode(encodeImage(Float32Array.of(-3, 7), [1, 2, 1])).data]).toEqual([0, 255]);
  });

  it('refuses what is no picture', () => {
    expect(() => encodeGrid(new Float32Array(4), [2])).toThrow('Samples of shape 2 are no pictures.');
  });
});

describe('a grid of labelled samples', () => {
  it('has a column for each label where they go round, and is about square otherwise', () => {
    expect(columnsOfLabels([0, 1, 2, 0, 1, 2, 0])).toBe(3);
    for (const labels of [undefined, [], [4], [0, 0, 0], [0, 1, 2], [0, 1, 0, 2], Array.from({ length: 40 }, (_, i) => i % 20)]) expect(columnsOfLabels(labels)).toBeUndefined();
    expect(decode(encodeGrid(new Float32Array(7), [1, 1, 1], columnsOfLabels([0, 1, 2, 0, 1, 2, 0])))).toMatchObject({ width: 3 * 3 + 2, height: 3 * 3 + 2 });
  });
});
