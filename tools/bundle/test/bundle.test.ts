import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowSoftwareGpu } from '../../software-gpu.js';
import { EmptyRoot, whyNoEmptyRoot } from './support/empty-root.js';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
const LARGEST = 60e6;

const reason = whyNoEmptyRoot();
if (reason !== undefined) process.stderr.write(`Skipped: ${reason}\n`);
const software = allowSoftwareGpu();
const engine = software ? 'webgpu' : 'wasm'; // a real GPU's driver would have to be in the root, too

describe.skipIf(reason !== undefined)('the bundle for webgpu, where there are a shell and glibc, and no network', () => {
  const ganzoo = '/opt/ganzoo-webgpu/ganzoo';
  let folder: string;
  let root: EmptyRoot;
  let archive: string;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'bundle-'));
    root = new EmptyRoot(path.join(folder, 'root'));
    const out = path.join(folder, 'ganzoo-webgpu');
    await execa('npx', ['tsx', 'tools/bundle/bundle.ts', '--engine', 'webgpu', '--out', out], { cwd: REPOSITORY });
    archive = `${out}.tar.gz`;
    for (const binary of ['/bin/sh', '/usr/bin/readlink', '/usr/bin/dirname', process.execPath]) root.addLibrariesOf(binary);
    for (const binary of ['/bin/sh', '/usr/bin/readlink', '/usr/bin/dirname']) root.add(binary);
    if (software) root.addVulkanDriver(process.env.VK_DRIVER_FILES as string);
    execFileSync('tar', ['-xzf', archive, '-C', root.makeFolder('opt')]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  // Node is half of it, and later ones are larger.
  it.runIf(process.version.startsWith('v20.'))('has at most 60 MB', () => {
    expect(statSync(archive).size).toBeLessThan(LARGEST);
  });

  it('says what the machine has', async () => {
    const { stdout } = await root.run(ganzoo, ['doctor']);
    expect(stdout).toMatch(software ? /webgpu.*\(software\)/ : /webgpu.*no GPU/i);
  });

  it('trains, scores and writes a report', async () => {
    const settings = ['--variants', 'dcgan', '--datasets', 'glyphs', '--steps', '10', '--samples', '50', '--limit', '200', '--config', 'filters=2', 'batchSize=4'];
    const { stdout } = await root.run(ganzoo, ['bench', '--engine', engine, ...settings, '--out', '/tmp/run', '--json']);
    expect((JSON.parse(stdout) as { cells: unknown }).cells).toMatchObject([{ variant: 'dcgan', status: 'finished', steps: 10, untraced: {} }]);
    expect(readFileSync(path.join(root.folder, 'tmp/run/report.html'), 'utf8')).toContain('dcgan');
  });

  it('compares with the PyTorch of the machine', async () => {
    root.addScript('/usr/bin/python3', answering(WEIGHTS));
    const { stdout } = await root.run('/opt/ganzoo-webgpu/peers', ['gan-2d', '--engine', engine, '--turns', '2', '--steps', '2', '--skip-eager', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ name: 'gan-2d', steps: 4, traced: expect.any(Number), pytorch: 2 });
  });

  it('and not with other networks', async () => {
    root.addScript('/usr/bin/python3', answering(WEIGHTS - 1));
    const { stderr, exitCode } = await root.run('/opt/ganzoo-webgpu/peers', ['gan-2d', '--engine', engine, '--skip-eager'], { reject: false });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(`ganzoo's networks have ${WEIGHTS} weights to train, PyTorch's ${WEIGHTS - 1}`)]);
  });
});

/** Two layers of 128 behind two inputs, and two outputs or one. */
const WEIGHTS = 2 * ((2 + 1) * 128 + (128 + 1) * 128) + (128 + 1) * (2 + 1);

/** PyTorch is too large for such a root: what stands in for its python answers as peer.py does, with 2 ms for every step. */
function answering(weights: number): string {
  return `#!/bin/sh
if [ "$3" = list ]; then echo '["plain"]'; exit; fi
while read -r line; do
  if [ "$line" = weights ]; then echo ${weights}; continue; fi
  times=2; i=1
  while [ "$i" -lt "$line" ]; do times="$times, 2"; i=$((i + 1)); done
  echo "[$times]"
done
`;
}
