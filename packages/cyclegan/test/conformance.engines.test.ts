import { testVariant } from '@ganzoo/core/testing';
import { cyclegan } from '@ganzoo/cyclegan';
import { engine } from '../../../tools/engine-under-test.js';

const domain = (name: string, channels: number, size = 12) => ({ name, kind: 'images', shape: [size, size, channels] }) as const;
const pair = (a: ReturnType<typeof domain>, b: ReturnType<typeof domain>) => ({ name: 'pair', kind: 'images', shape: a.shape, domains: { a, b } }) as const;

testVariant(cyclegan, {
  data: pair(domain('grey', 1), domain('other grey', 1)),
  // A pool of 3: full in the third step, so that the tests of resume and of tracing see it swap.
  config: { filters: 2, blocks: 1, discriminatorLayers: 1, poolSize: 3, batchSize: 1, constantSteps: 2, decaySteps: 20 },
  tracer: engine?.tracer,
  alsoOn: [
    { data: pair(domain('grey', 1), domain('colour', 3)), config: { identityWeight: 0 } },
    { data: pair(domain('grey', 1, 28), domain('other grey', 1, 28)), config: { batchSize: 2, poolSize: 0, discriminatorLayers: 2 } },
  ],
});
