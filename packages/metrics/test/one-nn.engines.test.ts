import { type Matrix, MetricError, Random } from '@ganzoo/core';
import { describe, expect, it } from 'vitest';
import { matrixFromRows, nearestRows, oneNearestNeighbourAccuracy } from '../src/index.js';

const normals = (key: string, rows: number, columns: number): Matrix => ({ data: Random.of(key).normals(rows * columns), rows, columns });

/** In float64, one pair after the other. */
function bruteForce(among: Matrix, queries: Matrix): number[] {
  return Array.from({ length: queries.rows }, (_, q) => {
    let [nearest, least] = [-1, Infinity];
    for (let a = 0; a < among.rows; a++) {
      let distance = 0;
      for (let i = 0; i < among.columns; i++) distance += ((among.data[a * among.columns + i] as number) - (queries.data[q * among.columns + i] as number)) ** 2;
      if (distance < least) [nearest, least] = [a, distance];
    }
    return nearest;
  });
}

describe('the nearest row', () => {
  it.each([
    ['in several blocks of both sides', 8500, 300, 3],
    ['in many dimensions', 200, 40, 257],
    ['of two', 2, 2, 1],
  ])('is what comparing all pairs finds: %s', async (_, rows, queries, columns) => {
    const [among, asked] = [normals('among', rows, columns), normals('asked', queries, columns)];
    expect([...(await nearestRows(among, asked))]).toEqual(bruteForce(among, asked));
  });

  it('is found where products of float32 cannot tell: far from zero, a billionth apart', async () => {
    const among = matrixFromRows([[1000, 1], [1000, 1 + 2e-9], [1000, 1 + 1e-9], [999, 1]]);
    expect([...(await nearestRows(among, matrixFromRows([[1000, 2], [1000, 0], [998, 1]])))]).toEqual([1, 0, 3]);
  });

  it('is the first of equally near ones', async () => {
    const among = matrixFromRows([[9, 9], [3, 1], [1, 3], [3, 1]]);
    expect([...(await nearestRows(among, matrixFromRows([[2, 2], [3, 1]])))]).toEqual([1, 1]);
  });
});

describe('the accuracy of one nearest neighbour', () => {
  const train = { features: matrixFromRows([[0], [10], [20]]), labels: [7, 8, 9] };

  it('is the share of samples whose nearest neighbour is of their class', async () => {
    // nearest: 0, 10, 10, 20; the third is wrong
    expect(await oneNearestNeighbourAccuracy(train, { features: matrixFromRows([[-4], [6], [14], [1000]]), labels: [7, 8, 9, 9] })).toBe(0.75);
  });

  it('of samples among themselves is 1', async () => {
    const features = normals('own', 50, 5);
    const labels = Int32Array.from({ length: 50 }, (_, i) => i % 10);
    expect(await oneNearestNeighbourAccuracy({ features, labels }, { features, labels })).toBe(1);
  });

  it('by labels that say nothing is chance: 1 / classes, give or take three standard errors', async () => {
    const labelled = (key: string, rows: number): Parameters<typeof oneNearestNeighbourAccuracy>[0] => ({
      features: normals(key, rows, 4),
      labels: Random.of('labels', key).integers(rows, 4),
    });
    const accuracy = await oneNearestNeighbourAccuracy(labelled('train', 500), labelled('test', 1000));
    expect(Math.abs(accuracy - 0.25)).toBeLessThan(3 * Math.sqrt((0.25 * 0.75) / 1000));
  });

  it.each([
    ['labels', { features: matrixFromRows([[1], [2]]), labels: [1] }, /1 labels for 2 test features/],
    ['dimensions', { features: matrixFromRows([[1, 2], [2, 3]]), labels: [1, 2] }, /1 dimensions/],
    ['numbers', { features: matrixFromRows([[1], [Number.NaN]]), labels: [1, 2] }, /test features hold NaN in row 1/],
  ])('refuses wrong %s', async (_, test, message) => {
    const error = await oneNearestNeighbourAccuracy(train, test).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MetricError);
    expect((error as MetricError).message).toMatch(message);
  });
});
