import { testVariant } from '@ganzoo/core/testing';
import { dragan } from '@ganzoo/dragan';
import { engine, isSlow } from '../../../tools/engine-under-test.js';

const images = (size: number, channels = 1) => ({ name: 'blobs', kind: 'images', shape: [size, size, channels] }) as const;
/** The shared net has 13 million weights; in plain JavaScript a step takes minutes. */
const shared = isSlow ? [] : [{ data: images(28), config: { net: 'shared' } as const }];

testVariant(dragan, {
  data: images(28),
  config: { filters: 2, latentDim: 8, batchSize: 4 },
  tracer: engine?.tracer,
  alsoOn: [{ data: images(32, 3) }, { data: images(64) }, ...shared, { data: { name: 'points', kind: 'vectors', shape: [2] } }],
});
