import { DataError } from '@ganzoo/core';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readTarMembers, type TarContents } from '../src/files/tar.js';
import { hexOf, tarBytes, type TarMember } from './helpers/files.js';
import { temporaryFolder } from './helpers/temporary.js';

const wanted = Uint8Array.from({ length: 3000 }, (_, i) => (i * i) % 251);
const honest: TarMember[] = [
  { path: 'set/', type: '5' },
  { path: 'set/readme.html', content: new Uint8Array(700) },
  { path: 'set/a.bin', content: wanted },
];
const contents: TarContents = { members: new Map([['set/a.bin', wanted.length]]), most: 20_000, remedy: 'Fetch it again.' };

function fileWith(bytes: Uint8Array): string {
  const file = path.join(temporaryFolder(), 'set.tar.gz');
  writeFileSync(file, bytes);
  return file;
}

const packed = (members: readonly TarMember[]): string => fileWith(gzipSync(tarBytes(members)));

async function failure(file: string, of = contents): Promise<string> {
  const error = await readTarMembers(file, of).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DataError);
  expect(readdirSync(path.dirname(file))).toEqual(['set.tar.gz']); // nothing is ever written
  return (error as DataError).message.replace(file, 'FILE');
}

describe('a .tar.gz', () => {
  it('gives the members that are wanted', async () => {
    const members = await readTarMembers(packed(honest), contents);
    expect([...members.keys()]).toEqual(['set/a.bin']);
    expect(members.get('set/a.bin')).toEqual(wanted);
  });

  it('is checked against its published checksum', async () => {
    const bytes = gzipSync(tarBytes(honest));
    const checksum = { kind: 'md5', hex: hexOf('md5', bytes) } as const;
    await expect(readTarMembers(fileWith(bytes), { ...contents, checksum })).resolves.toHaveProperty('size', 1);
    expect(await failure(packed(honest.slice(1)), { ...contents, checksum })).toMatch(/^FILE is not the published file: its md5 is /);
  });

  it('that is not there, not gzip, truncated or damaged is refused', async () => {
    const bytes = gzipSync(tarBytes(honest));
    await expect(readTarMembers('/nowhere/set.tar.gz', contents)).rejects.toThrow('/nowhere/set.tar.gz cannot be read: ENOENT');
    expect(await failure(fileWith(tarBytes(honest)))).toBe('FILE is damaged: incorrect header check.');
    expect(await failure(fileWith(bytes.subarray(0, bytes.length - 200)))).toBe('FILE is truncated: the gzip data end too early.');
    expect(await failure(fileWith(gzipSync(tarBytes(honest).subarray(0, 3000))))).toMatch(/^FILE is damaged: /);
    expect(await failure(fileWith(gzipSync(tarBytes(honest).fill(7, 100, 120))))).toMatch(/^FILE is damaged: .*checksum/);
    expect(await failure(packed(honest.slice(0, 2)))).toBe("FILE has no member 'set/a.bin'.");
  });

  it.each<[string, TarMember, string]>([
    ['leads out of itself', { path: '../a.bin' }, "has a member that leads out of it, '../a.bin'"],
    ['leads out of itself in the middle', { path: 'set/../../a.bin' }, "has a member that leads out of it, 'set/../../a.bin'"],
    ['leads out of itself the way of Windows', { path: 'set\\..\\a.bin' }, "has a member that leads out of it, 'set\\..\\a.bin'"],
    ['has an absolute path', { path: '/etc/passwd' }, "has a member that leads out of it, '/etc/passwd'"],
    ['has a drive', { path: 'C:/a.bin' }, "has a member that leads out of it, 'C:/a.bin'"],
    ['holds a symbolic link', { path: 'set/link', type: '2', linkTo: '/etc' }, "has a member that is no plain file but a SymbolicLink, 'set/link'"],
    ['holds a hard link', { path: 'set/b.bin', type: '1', linkTo: 'set/a.bin' }, "has a member that is no plain file but a Link, 'set/b.bin'"],
    ['holds a device', { path: 'set/tty', type: '3' }, "has a member that is no plain file but a CharacterDevice, 'set/tty'"],
    ['holds a pipe', { path: 'set/pipe', type: '6' }, "has a member that is no plain file but a FIFO, 'set/pipe'"],
    ['has the wanted member twice', { path: 'set/a.bin', content: wanted }, "has two members of one path, 'set/a.bin'"],
    ['has another member twice', { path: 'set/readme.html' }, "has two members of one path, 'set/readme.html'"],
    ['speaks of a size that no archive has', { path: 'set/huge', size: 8 ** 11 - 1 }, "has a member 'set/huge' of 8589934591 bytes, more than the whole may have"],
  ])('that %s is refused', async (_, member, message) => {
    expect(await failure(packed([...honest, member]))).toBe(`FILE ${message}.`);
    expect(await failure(packed([member, ...honest]))).toMatch(/^FILE has /);
  });

  it('whose wanted member is a link, or has another size, is refused', async () => {
    expect(await failure(packed([{ path: 'set/a.bin', type: '2', linkTo: '/etc/passwd' }]))).toBe("FILE has a member that is no plain file but a SymbolicLink, 'set/a.bin'.");
    expect(await failure(packed([{ path: 'set/a.bin', content: wanted.subarray(1) }]))).toBe("FILE has a member 'set/a.bin' of 2999 bytes instead of 3000.");
  });

  it('that is a decompression bomb is given up before it is unpacked', async () => {
    const file = fileWith(gzipSync(Buffer.concat([tarBytes(honest).subarray(0, -1024), new Uint8Array(128 << 20)])));
    const before = process.resourceUsage().maxRSS;
    expect(await failure(file)).toBe('FILE unpacks to more than the 20000 bytes that it should hold.');
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(64 << 10); // in KiB
  });
});
