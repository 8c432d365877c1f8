import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Glyphs } from '../src/glyphs.js';
import { drawLines } from '../src/glyphs/raster.js';
import { smoothLine } from '../src/glyphs/spline.js';
import { templates } from '../src/glyphs/templates.js';
import { loadDataset } from '../src/index.js';

describe('the line through control points', () => {
  const at = (x: number, y: number, radius = 1) => ({ x, y, radius });

  it('is straight between two points', () => {
    const line = smoothLine([at(0, 0), at(10, 5)]);
    expect(line).toHaveLength(6);
    line.forEach(({ x, y }, i) => {
      expect(x).toBeCloseTo(2 * i, 12);
      expect(y).toBeCloseTo(i, 12);
    });
  });

  it('passes its points, and at its points is parallel to their neighbours (Catmull and Rom)', () => {
    const line = smoothLine([at(0, 0), at(4, 8), at(10, 4), at(12, 0)]);
    expect(line[5]?.x).toBeCloseTo(4, 12);
    expect(line[5]?.y).toBeCloseTo(8, 12);
    // p(1/5) of the middle span by the cubic with end tangents (5, 2) and (4, -4): Hermite's form, by hand
    const hermite = (p0: number, m0: number, p1: number, m1: number): number => 0.896 * p0 + 0.128 * m0 + 0.104 * p1 - 0.032 * m1;
    expect(line[6]?.x).toBeCloseTo(hermite(4, 5, 10, 4), 12);
    expect(line[6]?.y).toBeCloseTo(hermite(8, 2, 4, -4), 12);
  });
});

describe('drawing a line', () => {
  it('covers pixels by their distance, and keeps to the image', () => {
    const image = new Uint8Array(64);
    const radius = 1.25;
    drawLines([[{ x: 4, y: -5, radius }, { x: 4, y: 20, radius }]], 1, image, 8);
    // distances of the pixel centres from x = 4: 0.5, 1.5, 2.5; coverage 1.25 - distance + 0.5, cut: 1, 0.25, 0
    const row = [0, 0, 64, 255, 255, 64, 0, 0];
    expect([...image]).toEqual(Array.from({ length: 8 }, () => row).flat());
  });

  it('draws a dot as a disc of its area', () => {
    const image = new Uint8Array(32 * 32);
    const dot = { x: 16.3, y: 15.8, radius: 8 };
    drawLines([[dot, dot]], 1, image, 32);
    const area = image.reduce((sum, byte) => sum + byte, 0) / 255;
    expect(Math.abs(area / (Math.PI * 64) - 1)).toBeLessThan(0.01);
  });
});

describe('glyphs', () => {
  it('are the same bytes on every machine', () => {
    const digest = (split: 'train' | 'test'): string => {
      const glyphs = new Glyphs(split);
      const hash = createHash('sha256');
      for (let i = 0; i < 1000; i++) hash.update(glyphs.image(i)).update(Uint8Array.of(glyphs.label(i)));
      return hash.digest('hex');
    };
    expect(digest('train')).toBe('80d22d50c28f6533f99bc04b8b282c71ea6381773426b9e32056921b5e6bb430');
    expect(digest('test')).toBe('ef514f5b1e616f0607985da931377637d9a072bd567feb2df19b36ce0ca9fd8c');
  });

  it('do not depend on the order in which they are read', () => {
    const [one, other] = [new Glyphs('train'), new Glyphs('train')];
    const late = [...one.image(59_999)];
    other.image(3);
    other.label(59_999);
    expect([...other.image(59_999)]).toEqual(late);
    expect([...new Glyphs('test').image(3)]).not.toEqual([...one.image(3)]);
  });

  it('have every digit about equally often, in every way to write it', () => {
    expect(templates).toHaveLength(10);
    const glyphs = new Glyphs('test');
    const counts = Array.from({ length: 10 }, () => 0);
    for (let i = 0; i < 10_000; i++) counts[glyphs.label(i)] = (counts[glyphs.label(i)] as number) + 1;
    // chi-squared with 9 degrees of freedom: 27.9 is exceeded once in a thousand
    expect(counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)).toBeLessThan(27.9);
  });

  it('are as dark, as bright and as well centred as MNIST, and never cut off', () => {
    const glyphs = new Glyphs('test');
    let sum = 0;
    let squares = 0;
    let border = 0;
    for (let i = 0; i < 2000; i++) {
      const image = glyphs.image(i);
      let [mass, massX, massY] = [0, 0, 0];
      image.forEach((byte, at) => {
        const [x, y] = [at % 28, Math.floor(at / 28)];
        sum += byte / 255;
        squares += (byte / 255) ** 2;
        mass += byte;
        massX += byte * (x + 0.5);
        massY += byte * (y + 0.5);
        if (x === 0 || y === 0 || x === 27 || y === 27) border += byte;
      });
      expect(Math.abs(massX / mass - 14)).toBeLessThan(3);
      expect(Math.abs(massY / mass - 14)).toBeLessThan(3);
    }
    const mean = sum / (2000 * 784);
    expect(mean).toBeCloseTo(0.13, 1.5);
    expect(Math.sqrt(squares / (2000 * 784) - mean * mean)).toBeCloseTo(0.31, 1.5);
    expect(border).toBe(0);
  });

  it('come in three disjoint splits, 28, 32 or 64 pixels, one or three channels', async () => {
    const small = await loadDataset('glyphs');
    const large = await loadDataset('glyphs', { size: 32, channels: 3 });
    expect(['train', 'validation', 'test'].map((split) => small.source(split as 'train').length)).toEqual([50_000, 10_000, 10_000]);
    expect(large.spec.shape).toEqual([32, 32, 3]);
    const one = await small.source('validation').read([17]);
    const other = await large.source('validation').read([17]);
    expect(other.labels).toEqual(one.labels);
    const inner = Float32Array.from({ length: 784 }, (_, i) => other.values[((Math.floor(i / 28) + 2) * 32 + (i % 28) + 2) * 3 + 1] as number);
    expect(inner).toEqual(one.values);
  });
});
