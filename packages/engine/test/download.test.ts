import { existsSync } from 'node:fs';
import path from 'node:path';
import { EngineError } from '@ganzoo/core';
import { describe, expect, it } from 'vitest';
import { downloadWheels, pipError } from '../src/install/download.js';
import { installEngine } from '../src/install/install.js';
import type { InstallProgress } from '../src/install/progress.js';
import { recipeFor } from '../src/install/recipe.js';
import { machineWith, pathWith, temporaryFolder } from './support/path.js';

const recipe = { ...recipeFor('cpu', 'linux', 'x64')!, downloadBytes: 1000 };

describe('pip', () => {
  it('that cannot reach its index ends soon, with one line that says which index and why', async () => {
    const machine = machineWith({ env: { ...process.env, PIP_INDEX_URL: 'http://127.0.0.1:9/simple', PIP_NO_CACHE_DIR: '1' } });
    const start = performance.now();
    const failure = await downloadWheels(recipe, 'python3', temporaryFolder(), { machine }, () => {}).catch((error: unknown) => error);
    expect(performance.now() - start).toBeLessThan(30_000);
    expect(failure).toBeInstanceOf(EngineError);
    expect(failure).toMatchObject({ message: 'pip cannot download tensorflow-cpu==2.21.0 from http://127.0.0.1:9/simple: [Errno 111] Connection refused.' });
    expect((failure as Error).message).not.toContain('\n');
  });

  it('is asked for a fixed Python and platform, and for binaries only', async () => {
    const python = pathWith({ python3: 'printf "%s\\n" "$*" >&2; exit 1' });
    const failure = (await downloadWheels(recipe, 'python3', temporaryFolder(), { machine: machineWith({ env: { PATH: python } }) }, () => {}).catch((error: unknown) => error)) as Error;
    expect(failure.message).toContain('--no-deps --only-binary=:all:');
    expect(failure.message).toContain('--python-version 3.11 --abi cp311 --platform manylinux_2_27_x86_64');
  });

  it('that downloads is watched: the bytes of its growing wheel are reported', async () => {
    const bin = pathWith({ sleep: true, dirname: true, head: true, python3: 'head -c 250 /dev/zero > "$TMPDIR/a.whl"; sleep 1; head -c 1000 /dev/zero > "$TMPDIR/../a.whl"; sleep 1' });
    const seen: InstallProgress[] = [];
    await downloadWheels(recipe, 'python3', temporaryFolder(), { machine: machineWith({ env: { PATH: bin } }) }, (progress) => seen.push(progress));
    expect(seen[0]).toEqual({ phase: 'downloading', bytes: 0, fraction: 0 });
    expect(seen).toContainEqual({ phase: 'downloading', bytes: 250, fraction: 0.25 });
    expect(seen).toContainEqual({ phase: 'downloading', bytes: 1000, fraction: 1 });
  });

  it('that is aborted stops at once', async () => {
    const bin = pathWith({ sleep: true, python3: 'exec sleep 60' });
    const start = performance.now();
    const signal = AbortSignal.timeout(300);
    await expect(downloadWheels(recipe, 'python3', temporaryFolder(), { machine: machineWith({ env: { PATH: bin } }), signal }, () => {})).rejects.toThrow('due to timeout');
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it.each([
    [
      "WARNING: Retrying (Retry(total=0)) after connection broken by 'ReadTimeoutError(\"HTTPSConnectionPool(host='pypi.org', port=443): Read timed out. (read timeout=15.0)\")': /simple/tensorflow-cpu/\nERROR: No matching distribution",
      'pip cannot download tensorflow-cpu==2.21.0 from its package index: Read timed out.',
    ],
    ['ERROR: Could not find a version that satisfies the requirement tensorflow-cpu==2.21.0 (from versions: none)', 'pip could not download tensorflow-cpu==2.21.0: Could not find a version that satisfies the requirement tensorflow-cpu==2.21.0 (from versions: none).'],
    ['ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device', 'The disk became full while pip downloaded tensorflow-cpu==2.21.0.'],
    ['', 'pip could not download tensorflow-cpu==2.21.0: killed.'],
  ])('whose last words are %j is understood', (output, message) => {
    expect(pipError(recipe, output, 'killed').message).toBe(message);
  });
});

it('an npm that cannot reach its registry is one line too, and nothing stays behind', async () => {
  const cache = temporaryFolder();
  process.env.GANZOO_CACHE = cache;
  try {
    const npm = 'if [ "$1" = pack ]; then echo "npm error code ECONNREFUSED" >&2; echo "npm error request to http://127.0.0.1:9/ failed, reason: connect ECONNREFUSED" >&2; exit 1; fi';
    const machine = machineWith({ env: { PATH: pathWith({ python3: 'exit 0', 'g++': 'exit 0', npm }) } });
    await expect(installEngine({ machine })).rejects.toThrow('npm could not fetch @tensorflow/tfjs-node@4.22.0: npm error request to http://127.0.0.1:9/ failed, reason: connect ECONNREFUSED');
    expect(existsSync(path.join(cache, 'engines', recipe.key))).toBe(false);
  } finally {
    delete process.env.GANZOO_CACHE;
  }
});
