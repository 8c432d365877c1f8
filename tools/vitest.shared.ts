import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { hasGpu } from './software-gpu.js';

/** Suffixes of tests that run on some engines only, and those that they run on; `x.engines.test.ts` runs on all. */
const SOME = { '.tracing.engines.test.ts': ['native', 'webgpu'], '.native.engines.test.ts': ['native'], '.webgpu.engines.test.ts': ['webgpu'] };

/** Each engine's tests run in processes of their own: there is one engine per process. Without a GPU, be it in software, those of webgpu are left out. */
const ENGINES = ['native', 'wasm', 'js', ...(hasGpu() ? ['webgpu'] : [])];
const CONDITIONS = ['@ganzoo/source', 'node', 'import'];

/**
 * Every package's tests, from source: `x.test.ts` once, `x.engines.test.ts` on every engine.
 * Vitest's counts are also written to test-results.json, for the sum that `npm test` prints.
 */
export function testConfig(overrides: ViteUserConfig['test'] = {}): ViteUserConfig {
  return defineConfig({
    resolve: { conditions: CONDITIONS },
    ssr: { resolve: { conditions: CONDITIONS } },
    test: {
      pool: 'forks',
      maxWorkers: 2,
      testTimeout: 120_000,
      hookTimeout: 120_000,
      reporters: ['default', ['json', { outputFile: 'test-results.json' }]],
      ...overrides,
      projects: [
        { extends: true, test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/**/*.engines.test.ts'] } },
        ...ENGINES.map((engine) => ({
          extends: true as const,
          test: {
            name: engine,
            include: ['test/**/*.engines.test.ts'],
            exclude: Object.entries(SOME).flatMap(([suffix, engines]) => (engines.includes(engine) ? [] : [`test/**/*${suffix}`])),
            env: { GANZOO_TEST_ENGINE: engine },
            setupFiles: [fileURLToPath(new URL('engine.setup.ts', import.meta.url))],
          },
        })),
      ],
    },
  });
}
