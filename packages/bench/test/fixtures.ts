import type { Score } from '@ganzoo/core';
import type { CellIdentity } from '../src/cell/identity.js';
import type { CellResult } from '../src/cell/result.js';

export const identity: CellIdentity = {
  variant: 'dcgan',
  data: { name: 'glyphs', shape: [28, 28, 1] },
  seed: 0,
  config: { latentDim: 100, batchSize: 64 },
  emaDecay: 0,
  budget: 300,
  evaluation: { extractor: 'glyphs-lenet64', second: 'random-conv64', every: 60, validationSamples: 2000, testSamples: 10_000, kernelSubsets: 10 },
  versions: { '@ganzoo/core': '1.0.0', tfjs: '4.22.0' },
  engine: 'native',
  device: 'CPU, 2 threads',
  mode: 'eager',
};

function fid(value: number, floor = 1): Score {
  return { name: 'fid-glyphs-lenet64', value, floor, samples: { real: 10_000, generated: 10_000 }, split: 'test' };
}

/** A finished cell with scores on the test split. */
export function finished(best: number, last: number, overrides: Partial<CellResult> = {}): CellResult {
  return {
    format: 'ganzoo-cell',
    version: 1,
    id: 'abc',
    ...identity,
    status: 'finished',
    paper: { title: 'A paper', authors: 'Somebody', year: 2015, url: 'https://example.org/' },
    steps: 300,
    imagesShown: 19_200,
    seconds: { training: 60, evaluation: 10, other: 1 },
    imagesPerSecond: 320,
    msPerStep: 200,
    weightsSha256: 'f'.repeat(64),
    untraced: {},
    losses: [{ step: 1, losses: { 'discriminator.total': 1.4, 'generator.total': 0.7 } }],
    scores: [{ step: 60, scores: [{ ...fid(50), split: 'validation' }] }],
    best: { step: 60, scores: [fid(best)] },
    last: { step: 300, scores: [fid(last)] },
    rungs: [{ name: 'noise .25', scores: [fid(130)] }],
    extractor: { name: 'glyphs-lenet64', weightsSha256: 'e'.repeat(64), testAccuracy: 0.99 },
    peakRssBytes: 8e8,
    passedOver: [],
    grids: { real: null, generated: [] },
    finishedAt: '2026-01-31T12:00:00.000Z',
    ...overrides,
  };
}

export function failed(reason: string, overrides: Partial<CellResult> = {}): CellResult {
  return finished(0, 0, { status: 'failed', failure: { reason, remedy: 'Try again.' }, best: null, last: null, rungs: [], extractor: null, ...overrides });
}
