import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** Every package's tests: from source, each file in its own process (there is one TF.js engine per process). */
export function testConfig(overrides: ViteUserConfig['test'] = {}): ViteUserConfig {
  return defineConfig({
    resolve: { conditions: ['@ganzoo/source', 'node', 'import'] },
    ssr: { resolve: { conditions: ['@ganzoo/source', 'node', 'import'] } },
    test: {
      include: ['test/**/*.test.ts'],
      pool: 'forks',
      maxWorkers: 2,
      testTimeout: 120_000,
      hookTimeout: 120_000,
      reporters: ['default', ['json', { outputFile: 'test-results.json' }]],
      ...overrides,
    },
  });
}
