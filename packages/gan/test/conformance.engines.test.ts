import { testVariant } from '@ganzoo/core/testing';
import { gan } from '@ganzoo/gan';
import { engine, isSlow } from '../../../tools/engine-under-test.js';

const images = (size: number, channels = 1) => ({ name: 'blobs', kind: 'images', shape: [size, size, channels] }) as const;
const points = { name: 'points', kind: 'vectors', shape: [2] } as const;
/** The shared net has 13 million weights; in plain JavaScript a step takes minutes. */
const shared = isSlow ? [] : [{ data: images(28), config: { net: 'shared' } as const }];

testVariant(gan, {
  data: images(28),
  config: { latentDim: 8, hidden: [8, 12], batchSize: 4 },
  tracer: engine?.tracer,
  alsoOn: [{ data: images(32, 3) }, ...shared, { data: { ...points, shape: [5] } }, { data: points, config: { net: 'pacgan' } }],
});

testVariant(gan, { data: points, config: { updates: 'simultaneous', hidden: [8, 12], batchSize: 8 }, tracer: engine?.tracer });
