import { MetricError } from '@ganzoo/core';
import { describe, expect, it } from 'vitest';
import { psnr } from '../src/psnr.js';
import { ssim } from '../src/ssim.js';

const SIDE = 28;
const image = (value: (x: number, y: number) => number): Float64Array =>
  Float64Array.from({ length: SIDE * SIDE }, (_, i) => Math.min(1, Math.max(0, value(i % SIDE, Math.floor(i / SIDE)))));
const wave = (x: number, y: number): number => 0.5 + 0.5 * Math.sin(0.3 * x + 0.2 * y);
const [a, b] = [image(wave), image((x, y) => wave(x, y) + 0.1 * Math.cos(0.9 * x - 0.4 * y))];

describe('PSNR', () => {
  it('of the golden images is 23.66764426 dB (NumPy)', () => {
    expect(psnr(a, b)).toBeCloseTo(23.66764426, 6);
    expect(psnr(b, a)).toBe(psnr(a, b));
  });

  it('is 20 dB for a difference of a tenth of the peak, and infinite for none', () => {
    expect(psnr([0.5, 0.2], [0.6, 0.1])).toBeCloseTo(20, 10);
    expect(psnr(a, a)).toBe(Infinity);
  });

  it('is refused for images of different sizes', () => {
    expect(() => psnr([1], [1, 1])).toThrow(MetricError);
    expect(() => psnr([], [])).toThrow(MetricError);
  });
});

describe('SSIM', () => {
  it('of the golden images is .91865024 (NumPy)', () => {
    expect(ssim(a, b, [SIDE, SIDE, 1])).toBeCloseTo(0.91865024, 6);
  });

  it('is the mean over channels', () => {
    const together = (one: Float64Array, other: Float64Array): Float64Array => Float64Array.from({ length: 2 * one.length }, (_, i) => (i % 2 === 0 ? one : other)[i >> 1] as number);
    expect(ssim(together(a, b), together(b, b), [SIDE, SIDE, 2])).toBeCloseTo((ssim(a, b, [SIDE, SIDE, 1]) + 1) / 2, 10);
  });

  it('of two flat images is that of their means', () => {
    const flat = (value: number): Float64Array => new Float64Array(121).fill(value);
    // eq. 13 without variance: (2 .2 .4 + .0001) / (.04 + .16 + .0001)
    expect(ssim(flat(0.2), flat(0.4), [11, 11, 1])).toBeCloseTo(0.1601 / 0.2001, 10);
  });

  it('is refused for images smaller than the window, or of another shape', () => {
    expect(() => ssim(a.subarray(0, 100), b.subarray(0, 100), [10, 10, 1])).toThrow(MetricError);
    expect(() => ssim(a, b, [SIDE, SIDE, 3])).toThrow(MetricError);
  });
});
