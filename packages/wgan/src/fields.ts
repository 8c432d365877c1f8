import { field } from '@ganzoo/core';
import { z } from 'zod';

/** Config fields that both variants have. */
export const networkFields = {
  net: field(z.enum(['paper', 'shared']).default('paper'), { from: 'ours', help: "For images: DCGAN's networks as in the paper, or the small net that bench gives to every variant. Vectors have a toy net" }),
  filters: field(z.int().min(1).max(1024).default(64), { from: 'paper', help: "Filters of the critic's first layer; they double with every layer", unit: 'filters' }),
  stages: field(z.int().min(1).max(5).nullable().default(null), { from: 'ours', help: 'Layers of stride 2; null: as many as lead to 4x4', unit: 'layers' }),
};
