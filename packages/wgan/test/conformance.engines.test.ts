import { testVariant } from '@ganzoo/core/testing';
import { wgan, wganGp } from '@ganzoo/wgan';
import { engine, isSlow } from '../../../tools/engine-under-test.js';

const images = (size: number, channels = 1) => ({ name: 'blobs', kind: 'images', shape: [size, size, channels] }) as const;
const points = { name: 'points', kind: 'vectors', shape: [2] } as const;
/** The shared net has 13 million weights; in plain JavaScript a step takes minutes. */
const shared = isSlow ? [] : [{ data: images(28), config: { net: 'shared', nCritic: 1 } as const }];
const small = { filters: 2, latentDim: 8, batchSize: 4, nCritic: 2 };

testVariant(wgan, {
  data: images(28),
  config: { ...small, warmUpSteps: 1, warmUpMoves: 3 },
  tracer: engine?.tracer,
  alsoOn: [{ data: images(32, 3) }, { data: images(64) }, ...shared, { data: points }],
});

testVariant(wganGp, {
  data: images(28),
  config: small,
  tracer: engine?.tracer,
  alsoOn: [{ data: images(32, 3) }, { data: images(64) }, ...shared, { data: points }],
});
