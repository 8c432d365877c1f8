import { MetricError, Random } from '@ganzoo/core';
import { loadDataset } from '@ganzoo/datasets';
import { describe, expect, it } from 'vitest';
import { ssim, ssimDiversity } from '../src/index.js';

const shape = [28, 28, 1] as const;
const random = (): Random => Random.of('pairs');
/** Images that are .5 + .5 sin(f x) all over, in [-1, 1]. */
const waves = (...frequencies: number[]): Float32Array => Float32Array.from({ length: 784 * frequencies.length }, (_, at) => Math.sin((frequencies[Math.floor(at / 784)] as number) * (at % 28)));

describe('the diversity by SSIM', () => {
  it('is 1 for images that are all the same', () => {
    expect(ssimDiversity(waves(0.3, 0.3, 0.3), shape, { random: random() })).toBeCloseTo(1, 12);
  });

  it("is the pair's SSIM where there are two, whichever comes first", () => {
    const images = waves(0.3, 0.4);
    const [one, other] = [images.subarray(0, 784), images.subarray(784)].map((image) => image.map((value) => (value + 1) / 2)) as [Float32Array, Float32Array];
    expect(ssimDiversity(images, shape, { random: random(), pairs: 7 })).toBeCloseTo(ssim(one, other, shape), 6);
  });

  it('never pairs an image with itself', () => {
    expect(ssimDiversity(waves(0.1, 0.9, 1.7, 2.3), shape, { random: random(), pairs: 300 })).toBeLessThan(0.5);
  });

  it('is larger for digits of one class than for all', async () => {
    const [all, ones] = await Promise.all(['glyphs', 'glyphs@classes=1'].map(async (name) => (await (await loadDataset(name)).source('test').read(Array.from({ length: 300 }, (_, i) => i))).values));
    expect(ssimDiversity(ones as Float32Array, shape, { random: random() })).toBeGreaterThan(ssimDiversity(all as Float32Array, shape, { random: random() }) + 0.02);
  });

  it('refuses one image, and no pairs', () => {
    expect(() => ssimDiversity(waves(1), shape, { random: random() })).toThrow(MetricError);
    expect(() => ssimDiversity(waves(1, 2), shape, { random: random(), pairs: 0 })).toThrow(MetricError);
    expect(() => ssimDiversity(waves(1, 2).subarray(1), shape, { random: random() })).toThrow(MetricError);
  });
});
