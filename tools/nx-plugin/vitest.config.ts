import { defineConfig } from 'vitest/config';

// Not the packages' settings: their 'import' condition would hand ES modules to the devkit's require().
export default defineConfig({
  test: { include: ['test/**/*.test.ts'], reporters: ['default', ['json', { outputFile: 'test-results.json' }]] },
});
