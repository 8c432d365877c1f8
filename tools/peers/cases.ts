import { bigan } from '@ganzoo/bigan';
import { cgan } from '@ganzoo/cgan';
import type { Variant } from '@ganzoo/core';
import { cyclegan } from '@ganzoo/cyclegan';
import { dcgan } from '@ganzoo/dcgan';
import { dragan } from '@ganzoo/dragan';
import { gan } from '@ganzoo/gan';
import { lsgan } from '@ganzoo/lsgan';
import { progan } from '@ganzoo/progan';
import { sngan } from '@ganzoo/sngan';
import { wgan, wganGp } from '@ganzoo/wgan';

/** A training step that both sides run. */
interface Case {
  readonly variant: Variant;
  readonly data: { readonly name: string; readonly size?: number };
  readonly config: Readonly<Record<string, unknown>>;
  /** Times the moves of this player alone, not whole steps. */
  readonly player?: string;
  readonly what: string;
}

/** By the names that steps.py knows them by. */
export const cases: Readonly<Record<string, Case>> = {
  dcgan: {
    variant: dcgan,
    data: { name: 'glyphs', size: 32 },
    config: { filters: 64, stages: 2, batchSize: 64 },
    what: 'DCGAN, 32x32x1, 64 filters, two stages, batch 64: both moves',
  },
  'wgan-critic': {
    variant: wgan,
    data: { name: 'glyphs', size: 32 },
    config: { filters: 64, stages: 2, batchSize: 64, warmUpMoves: 5 },
    player: 'critic',
    what: "WGAN, the same networks: the critic's move",
  },
  'wgan-gp-critic': {
    variant: wganGp,
    data: { name: 'glyphs', size: 32 },
    config: { filters: 64, stages: 2, batchSize: 64 },
    player: 'critic',
    what: "WGAN-GP, the same networks without batch norm in the critic: the critic's move",
  },
  lsgan: {
    variant: lsgan,
    data: { name: 'glyphs', size: 32 },
    config: { filters: 64, stages: 2, batchSize: 64 },
    what: 'LSGAN, the same networks, z of 1024 numbers: both moves',
  },
  dragan: {
    variant: dragan,
    data: { name: 'glyphs', size: 32 },
    config: { filters: 64, stages: 2, batchSize: 64 },
    what: 'DRAGAN, the same networks without batch norm in the discriminator: both moves',
  },
  sngan: {
    variant: sngan,
    data: { name: 'glyphs', size: 32 },
    config: { net: 'shared', batchSize: 64 },
    what: 'SNGAN, the shared net at 32x32x1, batch 64: both moves',
  },
  cgan: {
    variant: cgan,
    data: { name: 'glyphs', size: 32 },
    config: { batchSize: 64 },
    what: "CGAN, its authors' networks at 32x32x1, batch 64: both moves",
  },
  bigan: {
    variant: bigan,
    data: { name: 'glyphs', size: 28 },
    config: { batchSize: 64 },
    what: "BiGAN, the paper's dense layers of 1024 at 28x28x1, batch 64: both moves",
  },
  progan: {
    variant: progan,
    data: { name: 'glyphs', size: 32 },
    config: { imagesPerPhase: 1, featureBase: 1024, featureMax: 128, latentDim: 128, batchSize: 16 },
    what: 'ProGAN, fully grown to 32x32x1, 64 and 128 filters, batch 16: both moves',
  },
  gan: {
    variant: gan,
    data: { name: 'glyphs', size: 28 },
    config: { batchSize: 64 },
    what: 'GAN, dense layers of 256, 512 and 1024 at 28x28x1, batch 64: both moves',
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
