import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { didYouMean, GanzooError, UsageError, type Variant } from '@ganzoo/core';

/** A variant as its package's `"ganzoo": { "variants": [...] }` announces it, or as a file that a user wrote. */
export interface VariantListing {
  readonly name: string;
  /** Package name, or the path of the file. */
  readonly from: string;
  readonly version: string;
  /** Path of the module that exports the variant. */
  readonly module: string;
}

/** A package announces a variant that it does not have, or a file exports none. */
class VariantError extends GanzooError {}

const HERE = path.dirname(fileURLToPath(import.meta.url));

/**
 * Every variant of the packages `@ganzoo/*` and `ganzoo-*` that are installed where `directory` or this package can
 * import them. Nothing is imported.
 */
export function discoverVariants(directory: string = process.cwd()): VariantListing[] {
  const seen = new Set<string>();
  const listings: VariantListing[] = [];
  for (const folder of [directory, HERE].flatMap(packageFolders)) {
    const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as PackageManifest;
    const names = manifest.ganzoo?.variants;
    if (!names || seen.has(manifest.name)) continue;
    seen.add(manifest.name);
    const module = createRequire(path.join(folder, 'package.json')).resolve(manifest.name);
    listings.push(...names.map((name) => ({ name, from: manifest.name, version: manifest.version, module })));
  }
  return listings.sort((one, other) => (one.name < other.name ? -1 : 1));
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
  const installed = discoverVariants(directory);
  if (asked === undefined) return installed;
  const found: VariantListing[] = [];
  for (const word of asked) {
    if (/[\\/]|\.[cm]?[jt]s$/.test(word)) found.push(...(await listModule(path.resolve(directory, word))));
    else found.push(byName(word, installed));
  }
  return found;
}

function byName(name: string, installed: readonly VariantListing[]): VariantListing {
  const listing = installed.find((one) => one.name === name);
  if (listing) return listing;
  const known = installed.map((one) => one.name);
  const remedy = known.length > 0 ? didYouMean(name, known) : 'Install a package of one, for example @ganzoo/dcgan.';
  throw new UsageError(`There is no variant '${name}'.`, { remedy });
}

async function listModule(module: string): Promise<VariantListing[]> {
  if (!existsSync(module)) throw new UsageError(`There is no file '${module}'.`, { remedy: 'Give the path of a module that exports a variant.' });
  const variants = Object.values(await importModule(module)).filter(isVariant);
  if (variants.length === 0) {
    throw new VariantError(`'${module}' exports no variant.`, { remedy: 'Export what defineVariant() of @ganzoo/core returns.' });
  }
  return variants.map(({ name }) => ({ name, from: module, version: '0.0.0', module }));
}

/**
 * Imports a variant.
 * @throws {VariantError} when the module does not export what it announces.
 */
export async function loadVariant({ name, from, module }: Pick<VariantListing, 'name' | 'from' | 'module'>): Promise<Variant> {
  const variant = Object.values(await importModule(module)).find((value) => isVariant(value) && value.name === name);
  if (variant === undefined) {
    throw new VariantError(`'${from}' announces the variant '${name}' but does not export it.`, { remedy: 'Install it again, or tell its authors.' });
  }
  return variant as Variant;
}

async function importModule(module: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(module).href)) as Record<string, unknown>;
  } catch (cause) {
    if ((cause as { code?: string }).code !== 'ERR_UNKNOWN_FILE_EXTENSION') throw cause;
    throw new VariantError(`This Node.js (${process.version}) cannot import '${module}'.`, { remedy: 'Compile it to JavaScript, or use Node.js 22.18 or newer.', cause });
  }
}

function isVariant(value: unknown): value is Variant {
  const candidate = value as Partial<Variant> | null;
  return typeof candidate === 'object' && candidate !== null && typeof candidate.name === 'string' && typeof candidate.build === 'function';
}
