import { cgan } from '@ganzoo/cgan';
import { testVariant } from '@ganzoo/core/testing';
import { engine, isSlow } from '../../../tools/engine-under-test.js';

const images = (size: number, channels = 1) => ({ name: 'blobs', kind: 'images', shape: [size, size, channels], classes: 3 }) as const;

testVariant(cgan, {
  data: images(28),
  config: { filters: 4, hiddenUnits: 16, latentDim: 8, batchSize: 4 },
  tracer: engine?.tracer,
  // The shared net has millions of weights: one step takes plain JavaScript most of a minute.
  alsoOn: [{ data: images(32, 3) }, ...(isSlow ? [] : [{ data: images(28), config: { net: 'shared' } } as const])],
});
