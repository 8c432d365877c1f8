import { testVariant } from '@ganzoo/core/testing';
import { lsgan } from '@ganzoo/lsgan';
import { engine, isSlow } from '../../../tools/engine-under-test.js';

const images = (size: number, channels = 1) => ({ name: 'blobs', kind: 'images', shape: [size, size, channels] }) as const;
const points = { name: 'points', kind: 'vectors', shape: [2] } as const;
/** The shared net has 13 million weights; in plain JavaScript a step takes minutes. */
const shared = isSlow ? [] : [{ data: images(28), config: { net: 'shared' } as const }];

testVariant(lsgan, {
  data: images(28),
  config: { filters: 4, latentDim: 8, batchSize: 4 },
  tracer: engine?.tracer,
  alsoOn: [{ data: images(32, 3) }, { data: images(64) }, ...shared, { data: points, config: { hidden: [8, 8] } }],
});
