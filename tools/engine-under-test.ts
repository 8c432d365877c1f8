import type { Engine, EngineName } from '@ganzoo/core';
import { loadEngine } from '@ganzoo/engine';

/** The engine that this project of the test run is about, already loaded by engine.setup.ts; undefined where it cannot be had. */
export const engine: Engine | undefined = await loadEngine(process.env.GANZOO_TEST_ENGINE as EngineName).catch(() => undefined);

/** Plain JavaScript, or a GPU in software: there the largest networks would take minutes a step. */
export const isSlow = engine?.name === 'js' || engine?.device.includes('(software)') === true;
