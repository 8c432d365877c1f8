import { describe, expect, it } from 'vitest';
import { encodeScatter } from '../src/scatter.js';

const points = (columns: number, ...rows: number[][]) => ({ values: Float32Array.from(rows.flat()), columns });

/** The places in the path of a class. */
function places(svg: Uint8Array, className: string): string[] {
  const [, path = ''] = new RegExp(`class="${className}" d="([^"]*)"`).exec(new TextDecoder().decode(svg)) ?? [];
  return path.split('h0').filter((place) => place !== '').map((place) => place.slice(1));
}

describe('a scatter plot', () => {
  const corners = points(2, [0, -10], [4, 10]);

  it('has the real points in the middle, with a quarter of their range around them, y upwards', () => {
    // 500 units for 1.5 ranges: the real corners lie a sixth from each side
    expect(places(encodeScatter(corners, points(2)), 'r')).toEqual(['83 417', '417 83']);
  });

  it('has generated points in the same frame: each place once, none outside', () => {
    const generated = points(2, [2, 0], [2.001, 0.001], [5, 10], [5.1, 0], [0, -15.1]);
    expect(places(encodeScatter(corners, generated), 'g')).toEqual(['250 250', '500 83']);
  });

  it('shows the first two of many coordinates, and one alone at one height', () => {
    expect(places(encodeScatter(points(3, [0, 0, 7], [3, 3, 8]), points(3, [1.5, 1.5, 100])), 'g')).toEqual(['250 250']);
    expect(places(encodeScatter(points(1, [0], [3]), points(1, [1.5], [3])), 'g')).toEqual(['250 417', '417 417']);
  });

  it('is a small file', () => {
    const many = { values: Float32Array.from({ length: 1200 }, (_, i) => Math.sin(i)), columns: 2 };
    expect(encodeScatter(many, many).length).toBeLessThan(12_000);
  });
});
