import type { EngineName } from '@ganzoo/core';
import { loadEngine } from '@ganzoo/engine';
import { beforeEach } from 'vitest';
import { allowSoftwareGpu } from './software-gpu.js';

/**
 * Loads the engine that this project of the test run is about. Wasm and js work everywhere, so their failure is a
 * failure; where native cannot be had, or there is neither a GPU nor one in software, every test says why it was skipped.
 */
const name = process.env.GANZOO_TEST_ENGINE as EngineName;
const mayBeMissing = name === 'native' || (name === 'webgpu' && !allowSoftwareGpu());
try {
  await loadEngine(name);
} catch (error) {
  if (!mayBeMissing) throw error;
  const reason = `the ${name} engine does not work here: ${(error as Error).message}`;
  process.stderr.write(`Skipped: ${reason}\n`);
  beforeEach((context) => context.skip(reason));
}
