import type { Variant } from '@ganzoo/core';
import { cyclegan } from '@ganzoo/cyclegan';
import { dcgan } from '@ganzoo/dcgan';
import { gan } from '@ganzoo/gan';
import { sngan } from '@ganzoo/sngan';
import { wganGp } from '@ganzoo/wgan';

/** A training step that both sides run. */
interface Case {
  readonly variant: Variant;
  readonly data: { readonly name: string; readonly size?: number };
  readonly config: Readonly<Record<string, unknown>>;
  /** Times the moves of this player alone, not whole steps. */
  readonly player?: string;
  readonly what: string;
}

/** By the names that peer.py knows them by. */
export const cases: Readonly<Record<string, Case>> = {
  dcgan: {
    variant: dcgan,
    data: { name: 'glyphs', size: 32 },
    config: { filters: 64, stages: 2, batchSize: 64 },
    what: 'DCGAN, 32x32x1, 64 filters, two stages, batch 64: both moves',
  },
  'wgan-gp-critic': {
    variant: wganGp,
    data: { name: 'glyphs', size: 32 },
    config: { filters: 64, stages: 2, latentDim: 128, batchSize: 64, nCritic: 5 },
    player: 'critic',
    what: "WGAN-GP, the same networks without batch norm in the critic: the critic's move",
  },
  sngan: {
    variant: sngan,
    data: { name: 'glyphs', size: 32 },
    config: { net: 'shared', latentDim: 128, batchSize: 64 },
    what: 'SNGAN, the shared net at 32x32x1, batch 64: both moves',
  },
  cyclegan: {
    variant: cyclegan,
    data: { name: 'glyph-pairs', size: 28 },
    config: { filters: 16, blocks: 2, batchSize: 4 },
    what: 'CycleGAN, 28x28x3, 16 filters, two blocks, batch 4: both moves, with pools and identity loss',
  },
  'gan-2d': {
    variant: gan,
    data: { name: 'ring' },
    config: { hidden: [128, 128], latentDim: 2, batchSize: 100 },
    what: 'GAN in the plane, two hidden layers of 128 on each side, batch 100: both moves',
  },
};
