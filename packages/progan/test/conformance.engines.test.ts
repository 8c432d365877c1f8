import { testVariant } from '@ganzoo/core/testing';
import { progan } from '@ganzoo/progan';
import { engine } from '../../../tools/engine-under-test.js';

const images = (size: number, channels = 1) => ({ name: 'blobs', kind: 'images', shape: [size, size, channels] }) as const;
const config = { featureBase: 32, featureMax: 8, latentDim: 8, batchSize: 4 };

/** Phases of two steps: 4x4, a fade to 8x8, 8x8; so a run that resumes after three steps resumes within the fade. */
testVariant(progan, {
  data: images(8),
  config: { ...config, imagesPerPhase: 8 },
  tracer: engine?.tracer,
  alsoOn: [{ data: images(32, 3) }, { data: images(64), config: { imagesPerPhase: 1 } }],
});
