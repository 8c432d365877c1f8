import { type Matrix, MetricError, Random } from '@ganzoo/core';
import { describe, expect, it } from 'vitest';
import { intercept } from '../src/frechet-infinity.js';
import { frechetDistance, frechetDistanceAtInfinity } from '../src/index.js';

const normals = (key: string, rows: number, columns: number, mean = 0): Matrix => ({ data: Random.of(key).normals(rows * columns, mean), rows, columns });

describe('the Fréchet distance at infinity', () => {
  it("is the intercept of a line over 1/N, as NumPy's polyfit finds it", () => {
    const counts = Array.from({ length: 15 }, (_, i) => Math.round(500 + (i * 1500) / 14)); // by test/reference/neighbours.py
    const distances = counts.map((count, i) => 3 + 40 / count + 0.01 * Math.sin(i));
    expect(intercept(counts.map((count) => 1 / count), distances)).toBeCloseTo(2.998677309077706, 10);
  });

  it('is nearer to the truth than the distance of all samples: means .5 apart in 10 dimensions are 2.5', () => {
    const [real, generated] = [normals('real', 20_000, 10), normals('generated', 2000, 10, 0.5)];
    const { distance, points } = frechetDistanceAtInfinity(real, generated, { random: Random.of('draws'), fewest: 200 });
    expect(points.map(({ count }) => count)).toEqual(Array.from({ length: 15 }, (_, i) => Math.round(200 + (i * 1800) / 14)));
    expect(points.at(-1)?.distance).toBeCloseTo(frechetDistance(real, generated), 10);
    expect(Math.abs(distance - 2.5)).toBeLessThan(Math.abs((points[0]?.distance as number) - 2.5) / 2);
    expect(Math.abs(distance - 2.5)).toBeLessThan(0.15);
  });

  it('refuses fewer samples than the least number', () => {
    const few = normals('few', 100, 2);
    expect(() => frechetDistanceAtInfinity(few, few, { random: Random.of('draws') })).toThrow(MetricError);
    expect(() => frechetDistanceAtInfinity(few, few, { random: Random.of('draws') })).toThrow(/from 5000 on were asked for, of 100/);
  });
});
