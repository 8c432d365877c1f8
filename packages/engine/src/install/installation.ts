import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { cachePath } from '@ganzoo/core/node';
import { type InstallDevice, type Recipe, recipeFor } from './recipe.js';

/** What `manifest.json` of an installation says. It is written last: a folder without it is no installation. */
export interface Manifest {
  readonly key: string;
  /** `{ 'tfjs-node': '4.22.0', tensorflow: '2.21.0' }` */
  readonly versions: Readonly<Record<string, string>>;
  /** ISO 8601. */
  readonly installedAt: string;
  /** The libraries and the addon, relative to the folder. */
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
}

export interface Installation {
  /** Its folder. */
  readonly path: string;
  readonly device: InstallDevice;
  readonly manifest: Manifest;
}

const MANIFEST = 'manifest.json';

/** Where the installation of a recipe belongs: one per machine and user, in the user's cache, or where GANZOO_ENGINES says, as an offline bundle does. */
export function installationPath(recipe: Recipe): string {
  const { GANZOO_ENGINES: folder } = process.env;
  return folder ? path.join(folder, recipe.key) : cachePath('engines', recipe.key);
}

export function manifestPath(folder: string): string {
  return path.join(folder, MANIFEST);
}

/** The private installation for a device; undefined when there is none, or when a file of it is missing or cut off. */
export function installedEngine(device: InstallDevice): Installation | undefined {
  const recipe = recipeFor(device);
  if (recipe === undefined) return undefined;
  const folder = installationPath(recipe);
  const manifest = readManifest(folder, recipe.key);
  return manifest && { path: folder, device, manifest };
}

/** The manifest of a whole installation. Files are checked by size: hashing 850 MB at every start would take seconds. */
export function readManifest(folder: string, key: string): Manifest | undefined {
  try {
    const manifest = JSON.parse(readFileSync(manifestPath(folder), 'utf8')) as Manifest;
    const whole = Object.entries(manifest.files).every(([file, { bytes }]) => statSync(path.join(folder, file)).size === bytes);
    return manifest.key === key && whole ? manifest : undefined;
  } catch {
    return undefined; // no manifest, not JSON, or a file is gone: not an installation
  }
}
