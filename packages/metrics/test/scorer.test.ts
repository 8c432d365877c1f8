import { MetricError, Random, type Matrix, type Score } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { arrayImages, createScorer, extractFeatures, frechetDistance, kernelDistanceOfSubsets, sourceImages } from '../src/index.js';
import { gaussianDataset, pixelExtractor, pixelSpec } from './toy.js';

const extractor = pixelExtractor();
const dataset = gaussianDataset();
const shifted = (rows: number, by: number): Matrix => ({ data: Random.of('shifted').normals(rows * 4, by), rows, columns: 4 });
const valueOf = (scores: readonly Score[], name: string): Score => scores.find((score) => score.name === name) as Score;

describe('a scorer', () => {
  it('gives both scores with samples, split and floor', async () => {
    const scorer = await createScorer({ extractor, dataset, split: 'test', samples: 3000, kernelSubsets: 10 });
    const scores = await scorer.score(shifted(2000, 1));
    expect(scores.map(({ name }) => name)).toEqual(['fid-pixels4', 'kid-pixels4']);
    for (const score of scores) {
      expect(score).toMatchObject({ samples: { real: 3000, generated: 2000 }, split: 'test' });
      expect(score.floor).toBeLessThan(score.value / 20);
    }
    expect(valueOf(scores, 'kid-pixels4').sd).toBeGreaterThan(0);
    // Unit Gaussians, means one apart in each of four dimensions: 4.
    expect(Math.abs(valueOf(scores, 'fid-pixels4').value - 4)).toBeLessThan(0.3);
  });

  it('measures a floor of about d / N + d / M + d (d + 1) (1/N + 1/M) / 4', async () => {
    const scorer = await createScorer({ extractor, dataset, split: 'test', kernelSubsets: 2 });
    const expected = (4 + 4 * 5 / 4) * (1 / 4000 + 1 / 2000); // the bias for unequal sizes, d = 4
    const { floor } = valueOf(await scorer.score(shifted(2000, 0)), 'fid-pixels4');
    expect(floor).toBeGreaterThan(0.3 * expected);
    expect(floor).toBeLessThan(3 * expected);
  });

  it('agrees with the metrics computed by hand', async () => {
    const source = dataset.source('validation');
    const real = await extractFeatures(extractor, sourceImages(source, Array.from({ length: source.length }, (_, i) => i)), source.length);
    const generated = shifted(1000, 0.5);
    const scores = await (await createScorer({ extractor, dataset, split: 'validation', kernelSubsets: 20 })).score(generated);
    expect(valueOf(scores, 'fid-pixels4').value).toBeCloseTo(frechetDistance(real, generated), 10);
    const kernel = kernelDistanceOfSubsets(real, generated, { random: Random.of('any'), subsets: 20 });
    const kid = valueOf(scores, 'kid-pixels4');
    expect(Math.abs(kid.value - kernel.mean)).toBeLessThan(4 * ((kid.sd as number) + kernel.sd) / Math.sqrt(20));
  });

  it('is repeated by its seed', async () => {
    const run = async (seed: number): Promise<Score[]> => {
      const scorer = await createScorer({ extractor, dataset, split: 'test', samples: 500, seed, kernelSubsets: 3 });
      return scorer.score(shifted(400, 0.2));
    };
    expect(await run(1)).toEqual(await run(1));
    expect(await run(1)).not.toEqual(await run(2));
  });

  it('scores images as it scores their features, and leaves no tensor behind', async () => {
    const scorer = await createScorer({ extractor, dataset, split: 'test', samples: 600, kernelSubsets: 3 });
    const generated = shifted(700, 0.3);
    expect(await scorer.scoreImages(arrayImages(generated.data as Float32Array, [2, 2, 1]), 700)).toEqual(await scorer.score(generated));
    expect(tf.memory().numTensors).toBe(0);
  });

  it('asks to remember the features of real images, with a key of its own for each use', async () => {
    const kept = new Map<string, Matrix>();
    const made: string[] = [];
    const remember = async (key: string, make: () => Promise<Matrix>): Promise<Matrix> => {
      const there = kept.get(key);
      if (there) return there;
      made.push(key);
      kept.set(key, await make());
      return kept.get(key) as Matrix;
    };
    const run = async (): Promise<Score[][]> => {
      const scorer = await createScorer({ extractor, dataset, split: 'test', samples: 500, kernelSubsets: 2, remember });
      return [await scorer.score(shifted(500, 0.2)), ...(await scorer.scoreNoise([0.25, 0.5], 500))];
    };
    const first = await run();
    expect(made).toHaveLength(4); // real, floor, two rungs
    expect(await run()).toEqual(first);
    expect(made).toHaveLength(4);
  });

  it('gives an amount of noise the same scores alone and among others, over more than one batch, and leaves no tensor behind', async () => {
    const scorer = await createScorer({ extractor, dataset, split: 'test', samples: 600, kernelSubsets: 2 });
    const together = await scorer.scoreNoise([0.25, 0.5, 1], 1200);
    expect(await scorer.scoreNoise([0.5], 1200)).toEqual([together[1]]);
    expect(tf.memory().numTensors).toBe(0);
  });

  it('leaves the kernel distance out when it has no subsets', async () => {
    const scorer = await createScorer({ extractor, dataset, split: 'validation', samples: 500, kernelSubsets: 0 });
    expect((await scorer.score(shifted(500, 0.2))).map(({ name }) => name)).toEqual(['fid-pixels4']);
  });

  it('puts a quarter of noise where the formula puts it', async () => {
    // (1-a) x + a n of unit Gaussians has variance (1-a)^2 + a^2; four times the squared difference of the spreads.
    const scorer = await createScorer({ extractor, dataset, split: 'test', kernelSubsets: 2 });
    const [scores] = (await scorer.scoreNoise([0.25], 4000)) as [Score[]];
    const expected = 4 * (1 - Math.sqrt(0.75 ** 2 + 0.25 ** 2)) ** 2;
    expect(Math.abs(valueOf(scores, 'fid-pixels4').value - expected)).toBeLessThan(0.02);
  });
});

describe('a scorer refuses', () => {
  it('more real images than the split has', async () => {
    const creating = createScorer({ extractor, dataset, split: 'validation', samples: 3001 });
    await expect(creating).rejects.toThrow(MetricError);
    await expect(creating).rejects.toThrow(/3001 real samples of 'pixels' were asked for from a split of 3000/);
  });

  it('more generated images than a floor can be measured for', async () => {
    const scorer = await createScorer({ extractor, dataset, split: 'test', samples: 100, kernelSubsets: 1 });
    await expect(scorer.score(shifted(6001, 0))).rejects.toThrow(/6001 real samples of 'pixels' were asked for from a split of 6000/);
  });

  it('data that the extractor does not take', async () => {
    const other = gaussianDataset(undefined, { ...pixelSpec, shape: [4, 1, 1] });
    await expect(createScorer({ extractor, dataset: other, split: 'test' })).rejects.toThrow(/'pixels4' does not take samples of 'pixels', images of 4x1x1/);
  });

  it('features of other dimensions, and NaN', async () => {
    const scorer = await createScorer({ extractor, dataset, split: 'test', samples: 100, kernelSubsets: 1 });
    await expect(scorer.score({ data: new Float32Array(30), rows: 10, columns: 3 })).rejects.toThrow(/4 dimensions, the generated ones 3/);
    const diverged = { data: new Float32Array(40).fill(Number.NaN), rows: 10, columns: 4 };
    await expect(scorer.score(diverged)).rejects.toThrow(/generated features hold NaN in row 0, column 0/);
  });
});
