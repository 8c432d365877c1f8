import { describe, expect, it } from 'vitest';
import { cellId } from '../src/cell/identity.js';
import { identity } from './fixtures.js';

describe("a cell's id", () => {
  it('is the start of the SHA-256 of its canonical JSON', () => {
    // python3: hashlib.sha256(json.dumps(identity, sort_keys=True, separators=(',', ':')).encode()).hexdigest()[:12]
    expect(cellId(identity)).toBe('08eea3ebbb87');
  });

  it('does not depend on the order of keys', () => {
    const { config, ...others } = identity;
    expect(cellId({ config: { batchSize: config.batchSize, latentDim: config.latentDim }, ...others })).toBe(cellId(identity));
  });

  it.each([
    ['variant', { variant: 'wgan' }],
    ['data', { data: { name: 'glyphs', shape: [32, 32, 1] } }],
    ['seed', { seed: 1 }],
    ['config', { config: { latentDim: 64, batchSize: 64 } }],
    ['budget', { budget: 301 }],
    ['evaluation', { evaluation: { ...identity.evaluation, testSamples: 5000 } }],
    ['version', { versions: { ...identity.versions, tfjs: '4.22.1' } }],
    ['engine', { engine: 'wasm' as const }],
    ['device', { device: 'CPU, 4 threads' }],
    ['mode', { mode: 'traced' as const }],
  ])('changes with the %s', (_, change) => {
    expect(cellId({ ...identity, ...change })).not.toBe(cellId(identity));
  });
});
