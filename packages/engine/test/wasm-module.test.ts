import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { compileSimdModules, generatedSource } from '../scripts/build-simd.js';

test('the committed SIMD modules are what their AssemblyScript compiles to', async () => {
  const committed = await readFile(new URL('../src/wasm/simd-module.generated.ts', import.meta.url), 'utf8');
  expect(committed === generatedSource(await compileSimdModules())).toBe(true);
});
