import { DataError } from '@ganzoo/core';
import { readdirSync } from 'node:fs';
import path from 'node:path';

/** The pictures below a folder, in the order of their paths. */
export interface FolderListing {
  readonly root: string;
  readonly files: readonly ListedFile[];
  /** Names of the subfolders, in order; empty when the pictures lie in the folder itself. */
  readonly classNames: readonly string[];
}

export interface ListedFile {
  readonly path: string;
  /** Index of its class; undefined without classes. */
  readonly label?: number;
}

/** Each split needs a picture. */
const FEWEST = 3;
const EXTENSION = /\.(png|jpe?g|webp)$/i;

/**
 * Lists the PNG, JPEG and WebP files of a folder: in itself, or in subfolders (and what is below them), which then are
 * classes. Files of other kinds and hidden ones are left alone.
 * @throws {DataError} when the folder cannot be read, has fewer than three pictures, or has both kinds
 */
export function listFolder(folder: string): FolderListing {
  const root = path.resolve(folder);
  const names = readNames(root).filter((name) => EXTENSION.test(name) && !path.basename(name).startsWith('.'));
  if (names.length < FEWEST) {
    throw new DataError(`The folder ${root} has ${names.length} pictures; at least ${FEWEST} are needed.`, {
      remedy: 'Give a folder with PNG or JPEG files, or with one subfolder of them for each class.',
    });
  }
  names.sort((one, other) => (one < other ? -1 : 1)); // by code unit, whatever the machine's language
  const classOf = (name: string): string | undefined => (name.includes(path.sep) ? name.slice(0, name.indexOf(path.sep)) : undefined);
  const found = names.map(classOf);
  const classNames = [...new Set(found)].filter((name) => name !== undefined);
  const outside = names[found.indexOf(undefined)];
  if (classNames.length > 0 && outside !== undefined) {
    throw new DataError(`The folder ${root} has pictures in subfolders, such as '${classNames[0]}', and beside them, such as ${outside}.`, {
      remedy: 'Put all of them into subfolders, one for each class, or none.',
    });
  }
  const files = names.map((name, i) => {
    const file = path.join(root, name);
    return found[i] === undefined ? { path: file } : { path: file, label: classNames.indexOf(found[i]) };
  });
  return { root, files, classNames };
}

function readNames(root: string): string[] {
  try {
    return readdirSync(root, { recursive: true, encoding: 'utf8' });
  } catch (cause) {
    throw new DataError(`The folder ${root} cannot be read: ${(cause as Error).message}.`, { remedy: 'Give a folder that exists, as folder:<path>.', cause });
  }
}
