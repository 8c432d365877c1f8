import { growth } from '@ganzoo/progan';
import { describe, expect, it } from 'vitest';

/** Phases of 600 images, 30 steps of 20. */
const plan = growth(32, { imagesPerPhase: 600, batchSize: 20 });

describe('the schedule', () => {
  it('alternates between fades and training at a resolution, and stays at the last', () => {
    const phases = Array.from({ length: 9 }, (_, i) => plan(30 * i + 15).phase);
    expect(phases).toEqual(['4x4', '8x8 fade', '8x8', '16x16 fade', '16x16', '32x32 fade', '32x32', '32x32', '32x32']);
    expect([0, 29, 30, 89, 90, 149, 150, 1e6].map((step) => plan(step).resolution)).toEqual([4, 4, 8, 8, 16, 16, 32, 32]);
  });

  it('fades linearly, from 0 on', () => {
    expect([29, 30, 45, 59, 60].map((step) => plan(step).scalars?.alpha)).toEqual([undefined, 0, 0.5, 29 / 30, undefined]);
  });

  it('resets both optimizers when layers come in, and only then', () => {
    const resets = Array.from({ length: 300 }, (_, step) => step).filter((step) => plan(step).resetOptimizers);
    expect(resets).toEqual([30, 90, 150]);
    expect(plan(30).resetOptimizers).toEqual(['discriminator', 'generator']);
  });

  it('counts a last incomplete batch of a phase as a step', () => {
    const uneven = growth(8, { imagesPerPhase: 601, batchSize: 20 });
    expect([30, 31].map((step) => uneven(step).phase)).toEqual(['4x4', '8x8 fade']);
  });

  it('has one phase for 4 pixels', () => {
    expect(growth(4, { imagesPerPhase: 1, batchSize: 4 })(100)).toEqual({ phase: '4x4', resolution: 4 });
  });
});
