import type { Float64Algebra, Matrix } from '@ganzoo/core';
import { Random } from '@ganzoo/core';
import { loadEngine } from '@ganzoo/engine';
import { beforeAll, describe, expect, it } from 'vitest';
import { authenticity, frechetDistance, inceptionScore, kernelDistance, kernelDistanceOfSubsets, prdc, slicedWasserstein } from '../src/index.js';

/** Numbers of samples and of dimensions: far apart, on both sides of each other, and next to powers of two. */
const ROWS = [2, 3, 5, 17, 64, 257, 1024, 4096];
const COLUMNS = [2, 3, 16, 65, 256];
const sizes = ROWS.flatMap((rows) => COLUMNS.map((columns) => ({ rows, columns })));

/** Correlated features of different scales, some of them never positive. */
function features(key: string, rows: number, columns: number): Matrix {
  const normals = Random.of(key, rows, columns).normals(rows * columns);
  const data = normals.map((value, at) => (1 + (at % columns)) * (value + 0.5 * (normals[Math.max(0, at - 1)] as number)) - 1);
  return { data, rows, columns };
}

const close = (one: number, other: number): void => expect(Math.abs(one - other)).toBeLessThan(1e-6 * Math.max(1, Math.abs(one)));

let float64: Float64Algebra | undefined;
beforeAll(async () => {
  ({ float64 } = await loadEngine('auto'));
});

describe.each(sizes)('$rows samples of $columns features', ({ rows, columns }) => {
  const real = features('real', rows, columns);
  const generated = features('generated', rows, columns);

  it('have a Fréchet distance, the same from both sides, and by the engine too', () => {
    const distance = frechetDistance(real, generated);
    expect(distance).toBeGreaterThanOrEqual(0);
    expect(Number.isFinite(distance)).toBe(true);
    close(frechetDistance(generated, real), distance);
    close(frechetDistance(real, generated, { float64 }), distance);
  });

  it('have a kernel distance, the same from both sides', () => {
    const distance = kernelDistance(real, generated);
    expect(Number.isFinite(distance)).toBe(true);
    close(kernelDistance(generated, real), distance);
    close(kernelDistance(real, generated, 'unbiased', { float64 }), distance);
    const { mean, sd } = kernelDistanceOfSubsets(real, generated, { random: Random.of('subsets'), subsets: 3 });
    expect([mean, sd].every(Number.isFinite)).toBe(true);
    close(kernelDistanceOfSubsets(real, generated, { random: Random.of('subsets'), subsets: 3, float64 }).mean, mean);
  });

  it('have sliced Wasserstein distances, the same from both sides', () => {
    const { w1, w2Squared } = slicedWasserstein(real, generated);
    expect(w1).toBeGreaterThan(0);
    expect(w2Squared).toBeGreaterThan(0);
    close(slicedWasserstein(generated, real).w1, w1);
  });

  it('have precision and recall that swap with the sides, and shares of 0 to 1', async () => {
    const k = Math.min(3, rows - 1);
    const found = await prdc(real, generated, { k, densityK: k });
    for (const share of [found.precision, found.recall, found.coverage]) {
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
    }
    expect(Number.isFinite(found.density)).toBe(true);
    const swapped = await prdc(generated, real, { k, densityK: k });
    expect([swapped.precision, swapped.recall]).toEqual([found.recall, found.precision]);
    const share = await authenticity(real, generated);
    expect(share).toBeGreaterThanOrEqual(0);
    expect(share).toBeLessThanOrEqual(1);
  });

  it('have an inception score of 1 to the number of classes', () => {
    const exponentials = Float64Array.from(real.data, (value) => Math.exp(Math.max(-30, Math.min(30, value))));
    const data = exponentials.map((value, at) => value / exponentials.subarray(at - (at % columns), at - (at % columns) + columns).reduce((sum, one) => sum + one, 0));
    const { mean } = inceptionScore({ data, rows, columns }, { splits: 1 });
    expect(mean).toBeGreaterThan(1 - 1e-6);
    expect(mean).toBeLessThan(columns + 1e-3);
  });
});
