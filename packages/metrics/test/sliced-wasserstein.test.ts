import { type Matrix, MetricError, Random } from '@ganzoo/core';
import { describe, expect, it } from 'vitest';
import { matrixFromRows, slicedWasserstein } from '../src/index.js';
import { matrixOf } from './golden.js';

/** The pairs of test/reference/sliced_wasserstein.py. */
const pair = (m: number, n: number, d: number): [Matrix, Matrix] => [
  matrixOf(m, d, (i, k) => Math.sin((i + 1) * (k + 2) * 1.3) + 0.1 * k),
  matrixOf(n, d, (j, k) => 0.5 * Math.cos((j + 2) * (k + 1) * 0.7)),
];

const gaussian = (key: string, rows: number, columns: number, sd = 1): Matrix => ({ data: Random.of(key).normals(rows * columns, 0, sd), rows, columns });

describe('the sliced Wasserstein distance', () => {
  it.each([
    [5, 5, 0.6237446512737896, 0.4329735117642383],
    [6, 4, 0.5886421947873128, 0.3840927258346743],
    [7, 12, 0.3501023801469763, 0.14309755471272323],
    [30, 30, 0.3306103435583031, 0.13393349895091256],
  ])('on the line equals NumPy for %i against %i samples', (m, n, w1, w2Squared) => {
    const distance = slicedWasserstein(...pair(m, n, 1), { directions: 3 });
    expect(distance.w1).toBeCloseTo(w1, 12);
    expect(distance.w2Squared).toBeCloseTo(w2Squared, 12);
  });

  it.each([
    [30, 30, 0.33633114, 0.153345],
    [30, 20, 0.34819472, 0.1621009],
  ])("in the plane approaches NumPy's integral over all directions for %i against %i samples", (m, n, w1, w2Squared) => {
    const distance = slicedWasserstein(...pair(m, n, 2), { directions: 20_000 });
    expect(distance.w1 / w1).toBeCloseTo(1, 2);
    expect(distance.w2Squared / w2Squared).toBeCloseTo(1, 2);
  });

  it('of a shift by v is |v| E|cos| = 2 |v| / pi in the plane, squared |v|^2 / 2', () => {
    const points = gaussian('shift', 50, 2);
    const shifted = { ...points, data: points.data.map((value, i) => value + (i % 2 === 0 ? 3 : -4)) };
    const { w1, w2Squared } = slicedWasserstein(points, shifted, { directions: 20_000 });
    expect(Math.abs(w1 / (10 / Math.PI) - 1)).toBeLessThan(0.014); // four standard errors: .48 / sqrt(20,000) each
    expect(Math.abs(w2Squared / 12.5 - 1)).toBeLessThan(0.02); // .71 / sqrt(20,000) each
  });

  it('of Gaussians of spread s and t is about (s - t)^2, squared, in any dimension', () => {
    const { w2Squared } = slicedWasserstein(gaussian('one', 4000, 7, 2), gaussian('other', 4000, 7, 5), { directions: 32 });
    expect(w2Squared / 9).toBeCloseTo(1, 1);
  });

  it('is zero between a set and itself in any order, symmetric, and the same at every call', () => {
    const [a, b] = pair(30, 30, 2);
    const rows = Array.from({ length: 30 }, (_, i) => [b.data[2 * i] as number, b.data[2 * i + 1] as number]);
    expect(slicedWasserstein(b, matrixFromRows(rows.reverse()))).toEqual({ w1: 0, w2Squared: 0 });
    expect(slicedWasserstein(a, b).w1).toBeCloseTo(slicedWasserstein(b, a).w1, 14);
    expect(slicedWasserstein(a, b)).toEqual(slicedWasserstein(a, b));
  });

  it('is refused for bad samples and no directions', () => {
    const [a, b] = pair(3, 3, 2);
    expect(() => slicedWasserstein(a, pair(3, 3, 1)[1])).toThrow(MetricError);
    expect(() => slicedWasserstein(a, b, { directions: 0 })).toThrow('0 directions');
  });
});
