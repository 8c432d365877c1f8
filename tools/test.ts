// `npm test`: lint, types, import rules and every package's tests through Nx (so that what has not changed is taken from
// its cache), then the sum of vitest's own counts over all packages.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { hasGpu } from './software-gpu.js';

const nx = spawnSync('npx', ['nx', 'run-many', '-t', 'lint', 'typecheck', 'check-imports', 'check-unused', 'check-package', 'test', '--outputStyle=stream', ...process.argv.slice(2)], {
  stdio: 'inherit',
});

const counts = { passed: 0, failed: 0, skipped: 0 };
const missing: string[] = [];
for (const folder of ['packages', 'tools'].flatMap((parent) => readdirSync(parent).map((name) => `${parent}/${name}`))) {
  if (!existsSync(`${folder}/test`)) continue;
  const file = `${folder}/test-results.json`;
  if (!existsSync(file)) {
    missing.push(folder);
    continue;
  }
  const results = JSON.parse(readFileSync(file, 'utf8')) as Record<'numPassedTests' | 'numFailedTests' | 'numPendingTests', number>;
  counts.passed += results.numPassedTests;
  counts.failed += results.numFailedTests;
  counts.skipped += results.numPendingTests;
}
if (!hasGpu()) console.log('The webgpu engine was not tested: there is neither a GPU nor SwiftShader (Debian: chromium).');
if (missing.length > 0) console.log(`No test results of: ${missing.join(', ')}`);
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(nx.status === 0 && counts.failed === 0 && missing.length === 0 ? 0 : 1);
