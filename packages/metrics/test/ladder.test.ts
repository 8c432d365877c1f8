import { loadDataset } from '@ganzoo/datasets';
import { loadEngine } from '@ganzoo/engine';
import { beforeAll, describe, expect, it } from 'vitest';
import { climbLadders, type Ladder } from '../scripts/ladder.js';
import { degradations } from '../scripts/degradations.js';
import { loadExtractor } from '../src/index.js';
import { inverted } from './inverted.js';

describe('the Fréchet distance by glyphs-lenet64', () => {
  let ladders: Ladder[];
  beforeAll(async () => {
    await loadEngine('auto');
    const glyphs = await loadDataset('glyphs');
    ladders = await climbLadders(await loadExtractor('glyphs-lenet64'), glyphs, inverted(glyphs), 2000);
  });

  it.each(degradations.map(({ name }) => name))('rises at every level of: %s', (name) => {
    const distances = ladders.find((ladder) => ladder.name === name)?.rungs.map(({ distance }) => distance) ?? [];
    expect(distances).toEqual(distances.toSorted((a, b) => a - b));
    expect(new Set(distances).size).toBeGreaterThan(3);
  });
});
