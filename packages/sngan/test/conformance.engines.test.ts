import { testVariant } from '@ganzoo/core/testing';
import { sngan } from '@ganzoo/sngan';
import { engine, isSlow } from '../../../tools/engine-under-test.js';

const images = (size: number, channels = 1) => ({ name: 'blobs', kind: 'images', shape: [size, size, channels] }) as const;
/** Not in plain JavaScript, where a step of these takes seconds to minutes. */
const large = isSlow ? [] : [{ data: images(64) }, { data: images(28), config: { net: 'shared' } as const }];

testVariant(sngan, {
  data: images(28),
  config: { filters: 2, latentDim: 8, batchSize: 4 },
  tracer: engine?.tracer,
  alsoOn: [{ data: images(32, 3) }, ...large, { data: { name: 'points', kind: 'vectors', shape: [2] } }],
});
