import { DataError } from '@ganzoo/core';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Archive, PublishedFile } from './archive.js';

/** A published file, and where it lies. */
export interface LocatedFile {
  readonly path: string;
  readonly published: PublishedFile;
}

/**
 * Finds files of an archive in a folder that the user gave.
 * @param wanted files, each in all forms in which it is published
 * @returns one located file for each wanted one
 * @throws {DataError} when the folder is not there, or has none of the forms of a file; all missing ones are named
 */
export async function locateInFolder(dataDir: string, archive: Archive, wanted: readonly (readonly PublishedFile[])[]): Promise<LocatedFile[]> {
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
