import { testVariant } from '@ganzoo/core/testing';
import { engine } from '../../../tools/engine-under-test.js';
import { biganSketch } from './sketches/bigan.js';
import { cycleganSketch } from './sketches/cyclegan.js';
import { proganSketch } from './sketches/progan.js';
import { wganSketch } from './sketches/wgan.js';

/**
 * The words of core must be able to say what every paper needs: several moves and clipping (WGAN), two networks under
 * one optimizer, labels and a decaying rate (BiGAN, cGAN), two domains and pools (CycleGAN), growing networks (ProGAN).
 */
const points = { name: 'points', kind: 'vectors', shape: [2], classes: 2 } as const;
const images = { name: 'blobs', kind: 'images', shape: [8, 8, 1] } as const;

testVariant(wganSketch, { data: points, config: {}, tracer: engine?.tracer });
testVariant(biganSketch, { data: points, config: {}, tracer: engine?.tracer });
testVariant(cycleganSketch, { data: { ...images, domains: { a: images, b: images } }, config: {}, tracer: engine?.tracer });
testVariant(proganSketch, { data: images, config: {}, tracer: engine?.tracer });
