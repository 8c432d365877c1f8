import { DataError } from '@ganzoo/core';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Download } from '../src/files/download.js';
import { download } from '../src/files/download.js';
import { hexOf } from './helpers/files.js';
import { cutting, sending, serve, status } from './helpers/server.js';
import { temporaryFolder } from './helpers/temporary.js';

const file = Uint8Array.from({ length: 100_000 }, (_, i) => (i * i * 7) % 253);
const other = file.map((byte, i) => (i === 500 ? byte + 1 : byte));

/** A download of `file` into an empty folder. */
function wanted(...urls: string[]): Download {
  return {
    name: 'set/file.gz',
    urls,
    target: path.join(temporaryFolder(), 'set', 'file.gz'),
    checksum: { kind: 'sha256', hex: hexOf('sha256', file) },
    bytes: file.length,
    retryDelayMs: 1,
    stallTimeoutMs: 300,
  };
}

/** What lies under the file's name, and whether an unfinished part is left. */
function result({ target }: Download): { sha256: string; part: boolean } {
  return { sha256: hexOf('sha256', readFileSync(target)), part: existsSync(`${target}.part`) };
}

const WHOLE = { sha256: hexOf('sha256', file), part: false };

describe('a download', () => {
  it('brings the file, reports progress, and asks for nothing the second time', async () => {
    const server = await serve(sending(file));
    const seen: number[] = [];
    const asked = { ...wanted(server.url), onProgress: ({ bytes, total }: { bytes: number; total?: number }) => seen.push(bytes / (total ?? 0)) };
    await download(asked);
    expect(result(asked)).toEqual(WHOLE);
    expect(seen.at(-1)).toBe(1);
    await download(asked);
    expect(server.ranges).toEqual(['']);
  });

  it('checks md5 where that is what is published', async () => {
    const server = await serve(sending(file));
    const asked: Download = { ...wanted(server.url), checksum: { kind: 'md5', hex: hexOf('md5', file) } };
    await download(asked);
    expect(result(asked)).toEqual(WHOLE);
  });

  it('goes on where a connection broke', async () => {
    const server = await serve((request, response, n) => (n < 3 ? cutting(file, 30_000) : sending(file))(request, response, n));
    const asked = wanted(server.url);
    await download(asked);
    expect(result(asked)).toEqual(WHOLE);
    expect(server.ranges).toEqual(['', 'bytes=30000-', 'bytes=60000-', 'bytes=90000-']);
  });

  it('goes on where an earlier process was stopped', async () => {
    const server = await serve(sending(file));
    const asked = wanted(server.url);
    mkdirSync(path.dirname(asked.target));
    writeFileSync(`${asked.target}.part`, file.subarray(0, 1234));
    await download(asked);
    expect(result(asked)).toEqual(WHOLE);
    expect(server.ranges).toEqual(['bytes=1234-']);
  });

  it('starts over when a server knows no ranges', async () => {
    const server = await serve((request, response, n) => (n === 0 ? cutting(file, 30_000)(request, response, n) : response.end(file)));
    const asked = wanted(server.url);
    await download(asked);
    expect(result(asked)).toEqual(WHOLE);
  });

  it('starts over when what an earlier process left is of another file, or longer than this one', async () => {
    for (const left of [other.subarray(0, 1234), new Uint8Array(file.length), new Uint8Array(file.length + 1)]) {
      const server = await serve(sending(file));
      const asked = wanted(server.url);
      mkdirSync(path.dirname(asked.target));
      writeFileSync(`${asked.target}.part`, left);
      await download(asked);
      expect(result(asked)).toEqual(WHOLE);
    }
  });

  it('starts over when a server answers with another range than it was asked for', async () => {
    const server = await serve((request, response, n) => {
      if (n > 0) return sending(file)(request, response, n);
      response.writeHead(206, { 'Content-Range': `bytes 0-${file.length - 1}/${file.length}` }).end(file);
    });
    const asked = wanted(server.url);
    mkdirSync(path.dirname(asked.target));
    writeFileSync(`${asked.target}.part`, file.subarray(0, 1234));
    await download(asked);
    expect(result(asked)).toEqual(WHOLE);
    expect(server.ranges).toEqual(['bytes=1234-', '']);
  });

  it('follows redirects', async () => {
    const server = await serve(sending(file));
    const front = await serve((_, response) => void response.writeHead(302, { Location: server.url }).end());
    const asked = wanted(front.url);
    await download(asked);
    expect(result(asked)).toEqual(WHOLE);
  });

  it('keeps the bytes as they are when a server calls them gzip-encoded', async () => {
    const server = await serve((_, response) => void response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(file));
    const asked = wanted(server.url);
    await download(asked);
    expect(result(asked)).toEqual(WHOLE);
  });

  it('replaces a damaged file in the cache', async () => {
    const server = await serve(sending(file));
    const asked = wanted(server.url);
    mkdirSync(path.dirname(asked.target));
    writeFileSync(asked.target, other);
    await download(asked);
    expect(result(asked)).toEqual(WHOLE);
  });

  it('asks again when a server is busy', async () => {
    const server = await serve((request, response, n) => (n < 2 ? status(503) : sending(file))(request, response, n));
    const asked = wanted(server.url);
    await download(asked);
    expect(result(asked)).toEqual(WHOLE);
  });
});

describe('mirrors', () => {
  it('are tried in order, and continue what another began', async () => {
    const gone = await serve(status(404));
    const breaking = await serve((request, response, n) => (n === 0 ? cutting(file, 40_000) : status(404))(request, response, n));
    const good = await serve(sending(file));
    const asked = wanted(gone.url, breaking.url, good.url);
    await download(asked);
    expect(result(asked)).toEqual(WHOLE);
    expect([gone.ranges.length, breaking.ranges.length, good.ranges]).toEqual([1, 2, ['bytes=40000-']]);
  });

  it('are left for the next when they send other bytes, fewer or more', async () => {
    const wrong = await serve(sending(other));
    const short = await serve((_, response) => void response.end(file.subarray(0, 10)));
    const long = await serve((_, response) => void response.end(Buffer.concat([file, file])));
    const good = await serve(sending(file));
    for (const bad of [wrong, short, long]) {
      const asked = wanted(bad.url, good.url);
      await download(asked);
      expect(result(asked)).toEqual(WHOLE);
    }
    expect(wrong.ranges).toEqual(['']);
  });
});

describe('a download that cannot be', () => {
  async function failure(asked: Download): Promise<DataError> {
    const error = await download(asked).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(DataError);
    expect(existsSync(asked.target)).toBe(false);
    return error as DataError;
  }

  it('says what every server answered, and which file to put where', async () => {
    const [gone, wrong] = [await serve(status(404)), await serve(sending(other))];
    const asked = wanted(gone.url, wrong.url, 'http://127.0.0.1:9/file');
    const error = await failure(asked);
    expect(error.message).toContain('set/file.gz could not be downloaded');
    expect(error.message).toContain(`${gone.url} answered 404 Not Found`);
    expect(error.message).toContain(`${wrong.url} sent another file: its sha256 is ${hexOf('sha256', other)}`);
    expect(error.message).toContain('127.0.0.1:9');
    expect(error.message).toContain('ECONNREFUSED');
    expect(error.remedy).toContain(`put file.gz into ${path.dirname(asked.target)}`);
    expect(error.remedy).toContain('--data-dir');
  });

  it('gives up a server that stalls before its answer or within the file, and keeps what came', async () => {
    const silent = await serve(() => {});
    const sleepy = await serve((_, response, n) => {
      if (n === 0) response.writeHead(200, { 'Content-Length': file.length }).write(file.subarray(0, 777));
    });
    const asked = { ...wanted(silent.url, sleepy.url), stallTimeoutMs: 80 };
    const error = await failure(asked);
    expect(error.message).toContain(`${silent.url} sent nothing for 0.08 s`);
    expect(error.message).toContain(`${sleepy.url} sent nothing for 0.08 s`);
    expect(readFileSync(`${asked.target}.part`)).toHaveLength(777);
  });

  it('does not take a length that is too small for the truth', async () => {
    const server = await serve((_, response) => void response.writeHead(200, { 'Content-Length': 50 }).end(file.subarray(0, 50)));
    const { bytes: _, ...asked } = wanted(server.url);
    expect((await failure(asked)).message).toContain('sent another file');
    expect((await failure({ ...asked, bytes: file.length })).message).toContain('ended after 50 of 100000 bytes');
  });

  it('does not follow redirects in a circle', async () => {
    const server = await serve((_, response) => void response.writeHead(302, { Location: '/file' }).end());
    expect((await failure(wanted(server.url))).message).toContain('redirects');
  });

  it('does not blame the server when the disk cannot be written', async () => {
    const server = await serve(sending(file));
    const asked = wanted(server.url);
    mkdirSync(`${asked.target}.part`, { recursive: true });
    expect((await failure({ ...asked, bytes: undefined })).message).toContain('.part cannot be written');
  });
});
