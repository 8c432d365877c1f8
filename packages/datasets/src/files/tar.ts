import { DataError } from '@ganzoo/core';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { Parser, type ReadEntry } from 'tar';
import type { Checksum } from './checksum.js';
import { checkHash } from './checksum.js';
import { gzipError, tooLarge } from './decompress.js';

/** What is wanted of a .tar.gz. Nothing else in it is kept, and nothing is written. */
export interface TarContents {
  /** Bytes of each wanted member, by its path within the archive. */
  readonly members: ReadonlyMap<string, number>;
  /** Bytes of all that the archive holds, headers and padding included: a file of more is given up. */
  readonly most: number;
  /** Of the compressed file. */
  readonly checksum?: Checksum | undefined;
  /** What the reader can do when it is not the published file. */
  readonly remedy: string;
}

/** Members that an archive of data may consist of; links, devices and the like are never needed. */
const PLAIN = new Set<string>(['File', 'OldFile', 'ContiguousFile', 'Directory']);

/**
 * Reads members of a .tar.gz as a stream.
 *
 * What an archive of data has no use for is refused, whether it is wanted or not: paths that are absolute or lead out of
 * the archive, links and devices, and one path twice.
 * @throws {DataError} when it cannot be read, is damaged, hostile or not the published file, or lacks a member
 */
export async function readTarMembers(file: string, contents: TarContents): Promise<Map<string, Uint8Array>> {
  const collector = new Collector(file, contents);
  const hash = createHash(contents.checksum?.kind ?? 'sha256');
  try {
    await feed(file, hash, collector, contents.most);
  } catch (error) {
    if (error instanceof DataError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code?.startsWith('Z_')) throw gzipError(error, file, contents.most);
    if (code?.startsWith('TAR_')) throw new DataError(`${file} is damaged: ${message}.`, { remedy: contents.remedy, cause: error });
    throw new DataError(`${file} cannot be read: ${message}.`, { remedy: 'See to it that it is a file that you may read.', cause: error });
  }
  const members = collector.finished();
  if (contents.checksum) checkHash(contents.checksum, hash.digest('hex'), file, contents.remedy);
  return members;
}

async function feed(file: string, hash: { update(bytes: Uint8Array): void }, collector: Collector, most: number): Promise<void> {
  const compressed = createReadStream(file, { highWaterMark: 1 << 18 });
  const gunzip = createGunzip({ chunkSize: 1 << 18 });
  compressed.on('data', (chunk) => hash.update(chunk as Buffer));
  compressed.on('error', (error) => gunzip.destroy(error));
  let bytes = 0;
  try {
    for await (const chunk of compressed.pipe(gunzip) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > most) throw tooLarge(file, most);
      collector.write(chunk);
    }
    collector.end();
  } finally {
    compressed.destroy();
    gunzip.destroy();
  }
}

/** Takes an archive's bytes and keeps the wanted members. */
class Collector {
  private readonly parser: Parser;
  private readonly seen = new Set<string>();
  private readonly kept = new Map<string, Uint8Array>();
  private failure: unknown;

  constructor(
    private readonly file: string,
    private readonly contents: TarContents,
  ) {
    this.parser = new Parser({ strict: true, onReadEntry: (entry) => this.take(entry) });
    this.parser.on('ignoredEntry', (entry: ReadEntry) => this.take(entry));
    this.parser.on('error', (error) => (this.failure ??= error));
  }

  /** @throws what is wrong with the archive */
  write(chunk: Buffer): void {
    this.parser.write(chunk);
    if (this.failure !== undefined) throw this.failure;
  }

  end(): void {
    this.parser.end();
    if (this.failure !== undefined) throw this.failure;
  }

  /** @throws {DataError} when a wanted member is missing */
  finished(): Map<string, Uint8Array> {
    for (const name of this.contents.members.keys()) {
      if (!this.kept.has(name)) throw this.refuse(`has no member '${name}'`);
    }
    return this.kept;
  }

  private take(entry: ReadEntry): void {
    const problem = this.problemOf(entry);
    if (problem !== undefined) this.failure ??= this.refuse(problem);
    const wanted = this.contents.members.get(entry.path);
    if (problem !== undefined || wanted === undefined) return void entry.resume();
    const bytes = new Uint8Array(wanted); // as large as what is published, whatever the archive says
    let at = 0;
    entry.on('data', (chunk: Buffer) => {
      bytes.set(chunk, at);
      at += chunk.length;
    });
    entry.on('end', () => void this.kept.set(entry.path, bytes));
  }

  private problemOf({ path, type, size }: ReadEntry): string | undefined {
    if (!PLAIN.has(type)) return `has a member that is no plain file but a ${type}, '${path}'`;
    if (path.startsWith('/') || /^[a-z]:/i.test(path) || path.split(/[/\\]/).includes('..')) return `has a member that leads out of it, '${path}'`;
    if (this.seen.has(path)) return `has two members of one path, '${path}'`;
    this.seen.add(path);
    const wanted = this.contents.members.get(path);
    if (wanted !== undefined && size !== wanted) return `has a member '${path}' of ${size} bytes instead of ${wanted}`;
    if (!(size >= 0) || size > this.contents.most) return `has a member '${path}' of ${size} bytes, more than the whole may have`;
    return undefined;
  }

  private refuse(problem: string): DataError {
    return new DataError(`${this.file} ${problem}.`, { remedy: this.contents.remedy });
  }
}
