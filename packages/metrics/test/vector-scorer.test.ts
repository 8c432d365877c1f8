import { type Dataset, MetricError, type Mixture, Random, type Score } from '@ganzoo/core';
import { describe, expect, it } from 'vitest';
import { createVectorScorer, matrixFromRows, PERFECT_HIGH_QUALITY } from '../src/index.js';

const mixture: Mixture = { centres: [[-3, 0], [3, 0]], sigma: 0.1 };

/** Both modes in turn, with noise: [n, 2]. */
function points(n: number, key: string): Float32Array {
  return Random.of(key).normals(2 * n, 0, 0.1).map((value, i) => value + (mixture.centres[Math.floor(i / 2) % 2]?.[i % 2] as number));
}

function twoModes(known: boolean): Dataset {
  const spec = { name: 'two', kind: 'vectors', shape: [2], ...(known && { mixture }) } as const;
  return {
    spec,
    source: (split) => {
      const all = points(4000, split);
      return { spec, length: 4000, read: async (indices) => ({ values: Float32Array.from(Array.from(indices).flatMap((i) => [all[2 * i] as number, all[2 * i + 1] as number])) }) };
    },
  };
}

describe('scores of vectors', () => {
  it('are a distance, and of a mixture the modes, each with its floor', async () => {
    const scorer = await createVectorScorer({ dataset: twoModes(true), split: 'test', samples: 3000 });
    const scores = await scorer.score({ data: points(3000, 'generated'), rows: 3000, columns: 2 });
    const real = { samples: { real: 3000, generated: 3000 }, split: 'test' };
    const alone = { samples: { real: 0, generated: 2500 }, split: 'test' };
    expect(scores).toEqual([
      { name: 'sliced-w1', value: expect.any(Number), floor: expect.any(Number), ...real },
      { name: 'modes-2500', value: 2, floor: 2, better: 'higher', ...alone },
      { name: 'hq-3sigma', value: expect.closeTo(PERFECT_HIGH_QUALITY, 1.9), floor: PERFECT_HIGH_QUALITY, better: 'higher', ...alone },
      { name: 'kl-modes-2500', value: expect.closeTo(0, 2), floor: expect.closeTo(0, 2), ...alone },
    ]);
    const { value, floor } = scores[0] as Score;
    expect(value).toBeLessThan(0.15); // sides whose shares of the modes differ by a few percent of 6
    expect(floor).toBeLessThan(0.15);
  });

  it('of other vectors are the distance alone', async () => {
    const scorer = await createVectorScorer({ dataset: twoModes(false), split: 'validation', samples: 100 });
    const scores = await scorer.score(matrixFromRows([[3, 0], [3, 0]]));
    expect(scores.map(({ name }) => name)).toEqual(['sliced-w1']);
    // Half of the points are moved by (6, 0): in the mean over directions by 3 E|cos| = 6 / pi
    expect(scores[0]?.value).toBeGreaterThan(1.5);
    expect(scores[0]?.value).toBeLessThan(2.3);
  });

  it('fall with noise in the real samples', async () => {
    const scorer = await createVectorScorer({ dataset: twoModes(true), split: 'test', samples: 1000 });
    const rungs = await scorer.scoreNoise([0, 0.05, 0.25, 1], 1000);
    const values = (index: number): number[] => rungs.map((scores) => scores[index]?.value as number);
    expect(values(0)).toEqual(values(0).toSorted((one, other) => one - other));
    expect(values(2)).toEqual(values(2).toSorted((one, other) => other - one));
    expect(values(0)[1]).toBeGreaterThan(0);
    // A twentieth of noise moves the points by .15 along x, .005 along y: sd .18 and .1 about their mode, within .3 of it.
    expect(values(2)[1]).toBeGreaterThan(0.8);
    expect(values(2)[1]).toBeLessThan(0.93);
    // Noise alone: a Gaussian of sd 3 along x, .1 along y. Its share within .3 of (3, 0) or (-3, 0) is below
    // 2 (.6 / 3) phi(1) = .097, and above half of that.
    expect(values(2)[3]).toBeLessThan(0.11);
    expect(values(2)[3]).toBeGreaterThan(0.04);
  });

  it('are refused for more samples than there are', async () => {
    await expect(createVectorScorer({ dataset: twoModes(true), split: 'test', samples: 4001 })).rejects.toThrow(MetricError);
    const scorer = await createVectorScorer({ dataset: twoModes(true), split: 'test', samples: 10 });
    await expect(scorer.score({ data: points(4001, 'many'), rows: 4001, columns: 2 })).rejects.toThrow("4001 real samples of 'two'");
  });
});
