import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { didYouMean, UsageError, type Variant } from '@ganzoo/core';
import { importVariantFile, VariantError } from './variant-file.js';

/** A variant as its package's `"ganzoo": { "variants": [...] }` announces it, or as a file that a user wrote. */
export interface VariantListing {
  readonly name: string;
  /** Package name, or the path of the file. */
  readonly from: string;
  /** Of the package; of a file, a hash of its content. */
  readonly version: string;
  /** Path of the module that exports the variant. */
  readonly module: string;
}

const HERE = path.dirname(fileURLToPath(import.meta.url));

/**
 * Every variant of the packages `@ganzoo/*` and `ganzoo-*` that are installed where `directory` or this package can
 * import them. Nothing is imported.
 * @throws {VariantError} when one of them is not built.
 */
export function discoverVariants(directory: string = process.cwd()): VariantListing[] {
  const seen = new Set<string>();
  const listings: VariantListing[] = [];
  for (const folder of [directory, HERE].flatMap(packageFolders)) {
    const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as PackageManifest;
    const names = manifest.ganzoo?.variants;
    if (!names || seen.has(manifest.name)) continue;
    seen.add(manifest.name);
    const module = moduleOf(manifest.name, folder);
    listings.push(...names.map((name) => ({ name, from: manifest.name, version: manifest.version, module })));
  }
  return listings.sort((one, other) => (one.name < other.name ? -1 : 1));
}

function moduleOf(name: string, folder: string): string {
  try {
    return createRequire(path.join(folder, 'package.json')).resolve(name);
  } catch (cause) {
    throw new VariantError(`The package '${name}' in '${folder}' has no module to import.`, { remedy: 'Build it, or install it again.', cause });
  }
}

interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly ganzoo?: { readonly variants?: readonly string[] };
}

/** Folders of installed packages whose names may be those of variants, nearest first. */
function packageFolders(start: string): string[] {
  const folders: string[] = [];
  for (let at = path.resolve(start); ; at = path.dirname(at)) {
    const modules = path.join(at, 'node_modules');
    const scope = path.join(modules, '@ganzoo');
    folders.push(...entries(scope), ...entries(modules).filter((folder) => path.basename(folder).startsWith('ganzoo-')));
    if (at === path.dirname(at)) break;
  }
  return folders.filter((folder) => existsSync(path.join(folder, 'package.json'))).map((folder) => realpathSync(folder));
}

function entries(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort().map((name) => path.join(folder, name)) : [];
}

/**
 * The variants that were asked for: by name, or by the path of a module that exports one. None asked: all.
 * @throws {UsageError} for an unknown name (the nearest are suggested) or a missing file.
 */
export async function findVariants(asked: readonly string[] | undefined, directory: string = process.cwd()): Promise<VariantListing[]> {
  if (asked === undefined) return discoverVariants(directory);
  const installed = asked.every(isVariantPath) ? [] : discoverVariants(directory);
  const found: VariantListing[] = [];
  for (const word of asked) {
    if (isVariantPath(word)) found.push(...(await listFile(path.resolve(directory, word))));
    else found.push(byName(word, installed));
  }
  return found;
}

/** A path of a module, where a name of a variant may stand too. */
export function isVariantPath(word: string): boolean {
  return /[\\/]|\.[cm]?[jt]s$/.test(word);
}

function byName(name: string, installed: readonly VariantListing[]): VariantListing {
  const listing = installed.find((one) => one.name === name);
  if (listing) return listing;
  const known = installed.map((one) => one.name);
  const remedy = known.length > 0 ? didYouMean(name, known) : 'Install a package of one, for example @ganzoo/dcgan.';
  throw new UsageError(`There is no variant '${name}'.`, { remedy });
}

async function listFile(file: string): Promise<VariantListing[]> {
  if (!existsSync(file) || !statSync(file).isFile()) {
    throw new UsageError(`There is no file '${file}'.`, { remedy: 'Give the path of a module that exports a variant.' });
  }
  const { exports, version } = await importVariantFile(file);
  const variants = [...new Set(Object.values(exports).filter(isVariant))]; // one may also be the default export
  if (variants.length === 0) {
    throw new VariantError(`'${file}' exports no variant.`, { remedy: 'Export what defineVariant() of @ganzoo/core returns.' });
  }
  return variants.map(({ name }) => ({ name, from: file, version, module: file }));
}

/**
 * Imports a variant.
 * @throws {VariantError} when the module does not export what it announces.
 */
export async function loadVariant({ name, from, module }: Pick<VariantListing, 'name' | 'from' | 'module'>): Promise<Variant> {
  const exports = from === module ? (await importVariantFile(module)).exports : ((await import(pathToFileURL(module).href)) as Record<string, unknown>);
  const variant = Object.values(exports).find((value) => isVariant(value) && value.name === name);
  if (variant === undefined) {
    throw new VariantError(`'${from}' announces the variant '${name}' but does not export it.`, { remedy: 'Install it again, or tell its authors.' });
  }
  return variant as Variant;
}

function isVariant(value: unknown): value is Variant {
  const candidate = value as Partial<Variant> | null;
  return typeof candidate === 'object' && candidate !== null && typeof candidate.name === 'string' && typeof candidate.build === 'function';
}
