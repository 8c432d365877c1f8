import { DataError } from '@ganzoo/core';
import { cachePath } from '@ganzoo/core/node';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { LoadOptions } from '../definition.js';
import { addresses, type Archive, type PublishedFile } from './archive.js';
import type { Checksum } from './checksum.js';
import { download } from './download.js';

/** A published file, and where it lies. */
export interface LocatedFile {
  readonly path: string;
  readonly published: PublishedFile;
}

/**
 * Files of an archive: found in `dataDir` or GANZOO_DATA where one is given, else in the user's cache, into which they
 * are downloaded when they are not there.
 * @param wanted files, each in all forms in which it is published; the first with a checksum is the one to download
 * @returns one located file for each wanted one
 * @throws {DataError} when the folder is not there or lacks a file, all of which are named, or one cannot be downloaded
 */
export async function obtain(archive: Archive, wanted: readonly (readonly PublishedFile[])[], options: LoadOptions = {}): Promise<LocatedFile[]> {
  const dataDir = options.dataDir ?? (process.env.GANZOO_DATA || undefined);
  if (dataDir !== undefined) return locateInFolder(dataDir, archive, wanted);
  const fetched = new Map<PublishedFile, LocatedFile>(); // several wanted files may lie in one
  const located: LocatedFile[] = [];
  for (const forms of wanted) {
    const published = forms.find(hasChecksum);
    if (published === undefined) throw new TypeError(`No form of ${forms[0]?.file} has a checksum.`);
    const one = fetched.get(published) ?? (await fetchToCache(archive, published, options));
    fetched.set(published, one);
    located.push(one);
  }
  return located;
}

/** What to do when a file is not what it should be. */
export function replaceRemedy(archive: Archive, { path: file, published }: LocatedFile): string {
  const [url] = addresses(archive, published.file);
  return `Replace it with a fresh copy of ${url}; if it belongs to another data set, put that copy into a folder ${archive.name} beside it instead of ${path.dirname(file)}.`;
}

async function locateInFolder(dataDir: string, archive: Archive, wanted: readonly (readonly PublishedFile[])[]): Promise<LocatedFile[]> {
  const root = path.resolve(dataDir);
  if (!(await stat(root).catch(() => undefined))?.isDirectory()) {
    throw new DataError(`The data folder ${root} does not exist or is not a folder.`, {
      remedy: 'Give the folder that has the data (--data-dir, GANZOO_DATA), or none to have the data downloaded.',
    });
  }
  // The archive's own folders come first: data sets share file names, and the root may hold another one.
  const folders = [...archive.folders.map((folder) => path.join(root, folder)), root];
  const located = await Promise.all(wanted.map((forms) => locate(folders, forms)));
  const missing = wanted.filter((_, i) => located[i] === undefined).map((forms) => forms.map(({ file }) => file).join(' or '));
  if (missing.length > 0) {
    const places = `${root} and its folders ${archive.folders.join(', ')}`;
    throw new DataError(`'${archive.name}' lacks ${missing.join(', and ')}: not found in ${places}.`, {
      remedy: `Put the file into ${folders[0]} (published at ${archive.mirrors.join(' and ')}), or leave out --data-dir and GANZOO_DATA to have it downloaded.`,
    });
  }
  return located as LocatedFile[];
}

async function locate(folders: readonly string[], forms: readonly PublishedFile[]): Promise<LocatedFile | undefined> {
  for (const folder of folders) {
    for (const published of forms) {
      const file = path.join(folder, published.file);
      if (await stat(file).catch(() => undefined)) return { path: file, published };
    }
  }
  return undefined;
}

/** A file in the user's cache. What has no published checksum is never downloaded. */
async function fetchToCache(archive: Archive, published: Downloadable, options: LoadOptions): Promise<LocatedFile> {
  const target = cachePath('datasets', archive.name, published.file);
  await download({
    name: `${archive.name}/${published.file}`,
    urls: addresses(archive, published.file),
    target,
    checksum: published.checksum,
    bytes: published.bytes,
    onProgress: options.onProgress,
    stallTimeoutMs: options.stallTimeoutMs,
  });
  return { path: target, published };
}

type Downloadable = PublishedFile & { readonly checksum: Checksum };

function hasChecksum(published: PublishedFile): published is Downloadable {
  return published.checksum !== undefined;
}
