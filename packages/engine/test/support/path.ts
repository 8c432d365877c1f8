import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { type Machine, thisMachine } from '../../src/install/machine.js';

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** A new folder, removed when the file's tests have ended. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'ganzoo-engine-'));
  made.push(folder);
  return folder;
}

/** Where a program of the real PATH is. */
function which(program: string): string {
  return execFileSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim();
}

/**
 * A folder to use as a whole PATH: links to real programs, or shell scripts by name.
 * `{ python3: true, pip: 'exit 1' }`
 */
export function pathWith(programs: Readonly<Record<string, true | string>>): string {
  const folder = path.join(temporaryFolder(), 'bin');
  mkdirSync(folder);
  for (const [name, script] of Object.entries(programs)) {
    const file = path.join(folder, name);
    if (script === true) symlinkSync(which(name), file);
    else {
      writeFileSync(file, `#!/bin/sh\n${script}\n`);
      chmodSync(file, 0o755);
    }
  }
  return folder;
}

/** A Linux machine on which every check passes, apart from what a test changes. All its programs only say yes. */
export function machineWith(changes: Partial<Machine> = {}): Machine {
  return {
    ...thisMachine(),
    platform: 'linux',
    arch: 'x64',
    nodeVersion: '20.19.0',
    glibc: '2.36',
    nvidiaDriver: true,
    env: { PATH: pathWith({ python3: 'exit 0', npm: 'exit 0', 'g++': 'exit 0' }) },
    freeBytes: async () => 1e12,
    ...changes,
  };
}
