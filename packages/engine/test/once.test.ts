import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { readManifest } from '../src/install/installation.js';
import { installOnce } from '../src/install/once.js';
import { temporaryFolder } from './support/path.js';

let folder: string;
let target: string;
beforeEach(() => {
  folder = temporaryFolder();
  target = path.join(folder, 'engines/mini-r1');
});

/** Starts an installer process; see support/miniature.ts. */
function installer(mode = ''): ChildProcess {
  const file = fileURLToPath(new URL('support/miniature.ts', import.meta.url));
  return spawn(process.execPath, ['--conditions=@ganzoo/source', '--import', 'tsx', file, folder, mode], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

const log = (): string[] => readFileSync(path.join(folder, 'log'), 'utf8').trim().split('\n');
const engines = (): string[] => readdirSync(path.join(folder, 'engines'));

/** Installs in this process. */
async function install(build: (staging: string) => Promise<readonly string[]> = miniature): Promise<boolean> {
  return (await installOnce({ target, key: 'mini-r1', versions: { mini: '1' }, build })).alreadyThere;
}

async function miniature(staging: string): Promise<readonly string[]> {
  writeFileSync(path.join(staging, 'addon'), 'addon');
  return ['addon'];
}

describe('an installation', () => {
  it('has a manifest with versions, date, and size and SHA-256 of its files', async () => {
    expect(await install()).toBe(false);
    expect(readManifest(target, 'mini-r1')).toMatchObject({
      key: 'mini-r1',
      versions: { mini: '1' },
      // printf addon | sha256sum
      files: { addon: { bytes: 5, sha256: '613c3abf0f077f31505d3c8cc0fed9a94a49cf025af3e604c4d38259c1cdf4c7' } },
    });
  });

  it('is made once: the second time nothing is built', async () => {
    await install();
    const again = await install(async () => {
      throw new Error('built again');
    });
    expect(again).toBe(true);
  });

  it('leaves nothing when a step fails', async () => {
    await expect(install(async () => Promise.reject(new Error('pip says no')))).rejects.toThrow('pip says no');
    expect(engines()).toEqual([]);
  });

  it.each([
    ['is cut off', (file: string) => truncateSync(file, 2)],
    ['is missing', (file: string) => rmSync(file)],
  ])('is made anew when a file of it %s', async (_, damage) => {
    await install();
    damage(path.join(target, 'addon'));
    expect(readManifest(target, 'mini-r1')).toBeUndefined();
    expect(await install()).toBe(false);
    expect(readManifest(target, 'mini-r1')).toMatchObject({ key: 'mini-r1' });
  });
});

describe('several processes', () => {
  it('of two that install at once the second waits and finds it made', async () => {
    const both = [installer(), installer()];
    await Promise.all(both.map((child) => once(child, 'exit')));
    expect(log().filter((line) => line === 'builds')).toHaveLength(1);
    expect(log().filter((line) => line === 'made it')).toHaveLength(1);
    expect(log().filter((line) => line === 'found it')).toHaveLength(1);
    expect(engines()).toEqual(['mini-r1']);
  });

  it('one that is killed in the middle leaves nothing that is taken for an installation, and the next one cleans up', async () => {
    const killed = installer('wait');
    await once(killed, 'message');
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    expect(existsSync(target)).toBe(false);
    expect(engines().filter((name) => name.includes('staging'))).toEqual([`mini-r1.staging-${killed.pid}`]);

    utimesSync(`${target}.lock`, 0, 0); // as if it died long ago: after ten seconds its lock counts for nothing
    expect(await install()).toBe(false);
    expect(engines()).toEqual(['mini-r1']);
    expect(readManifest(target, 'mini-r1')).toMatchObject({ key: 'mini-r1' });
  });

  it('the folder of a living process is left alone', async () => {
    const alive = `mini-r1.staging-${process.ppid}`;
    mkdirSync(path.join(folder, 'engines', alive), { recursive: true });
    await install();
    expect(engines()).toEqual(['mini-r1', alive]);
  });
});
