import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { GanzooError } from '@ganzoo/core';
import { sha256 } from '@ganzoo/core/node';
import { build, type BuildFailure, type Metafile, type Plugin, type PluginBuild } from 'esbuild';

/** A file or a package does not hold the variant that it should. */
export class VariantError extends GanzooError {}

/** A file that a user wrote, TypeScript or JavaScript, with all that it imports by relative path. */
export interface VariantFile {
  readonly exports: Readonly<Record<string, unknown>>;
  /** Hash of these files: an edited variant is another variant. */
  readonly version: string;
}

const imported = new Map<string, Promise<VariantFile>>();

/**
 * Imports a file once per process. It may lie anywhere: packages that cannot be found from there are taken from where
 * this one finds them, and core, TF.js and zod always are, for there must be one of each in a process. Types are not
 * checked.
 * @throws {VariantError} naming the file and the line.
 */
export async function importVariantFile(file: string): Promise<VariantFile> {
  const known = imported.get(file) ?? bundleAndImport(file);
  imported.set(file, known);
  return known;
}

async function bundleAndImport(file: string): Promise<VariantFile> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ganzoo-variant-'));
  try {
    const module = path.join(folder, `${path.parse(file).name}.mjs`);
    const metafile = await bundle(file, module);
    process.setSourceMapsEnabled(true); // so that stack traces are those of the user's file
    return { exports: await evaluate(file, module), version: await hashOf(path.dirname(file), metafile) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function bundle(file: string, outfile: string): Promise<Metafile> {
  try {
    const { metafile } = await build({
      absWorkingDir: path.dirname(file),
      entryPoints: [file],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      conditions: [], // Node's own, without those that only bundlers have
      define: { 'import.meta.url': JSON.stringify(pathToFileURL(file).href) },
      plugins: [packagesStayOutside],
      sourcemap: 'inline',
      metafile: true,
      logLevel: 'silent',
    });
    return metafile;
  } catch (cause) {
    const [first] = (cause as BuildFailure).errors ?? [];
    if (!first) throw cause;
    const { text, location } = first;
    const where = location ? `'${path.resolve(path.dirname(file), location.file)}', line ${location.line}` : `'${file}'`;
    const remedy = text.startsWith('Could not resolve') ? 'Mend the path, or install the package where the file finds it.' : 'Mend this line.';
    throw new VariantError(`${where}: ${text.replace(/\.$/, '')}.`, { remedy, cause });
  }
}

async function evaluate(file: string, module: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(module).href)) as Record<string, unknown>;
  } catch (cause) {
    const { message, stack = '' } = cause as Error;
    const line = stack.split(`${file}:`)[1]?.match(/^\d+/)?.[0];
    const where = line === undefined ? `'${file}'` : `'${file}', line ${line}`;
    throw new VariantError(`${where}: ${message.replace(/\.$/, '')}.`, { remedy: 'Importing a variant must only define it; see --debug for the stack.', cause });
  }
}

async function hashOf(folder: string, { inputs }: Metafile): Promise<string> {
  const files = Object.keys(inputs).sort();
  const contents = await Promise.all(files.map(async (name) => [name, await readFile(path.resolve(folder, name), 'utf8')]));
  return sha256(JSON.stringify(contents)).slice(0, 12);
}

/** Of these the file gets the copies that the rest of the process works with. */
const SHARED = /^(@ganzoo\/|@tensorflow\/|zod(\/|$))/;
const LOOKING_UP = Symbol('looking up');

/** Imports of packages become imports of absolute URLs; what is imported by path becomes part of the bundle. */
const packagesStayOutside: Plugin = {
  name: 'packages stay outside',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, async ({ path: name, resolveDir, kind, pluginData }) => {
      if (kind === 'entry-point' || pluginData === LOOKING_UP || isBuiltin(name)) return undefined;
      const [own, theirs] = [await ownCopy(build, name), await lookUp(build, name, resolveDir)];
      const url = SHARED.test(name) ? (own ?? theirs) : (theirs ?? own);
      return url === undefined ? undefined : { path: url, external: true };
    });
  },
};

/** Where this package finds another; zod is where core finds it. */
async function ownCopy(build: PluginBuild, name: string): Promise<string | undefined> {
  if (/^zod(\/|$)/.test(name)) return lookUp(build, name, path.dirname(fileURLToPath(import.meta.resolve('@ganzoo/core'))));
  try {
    return import.meta.resolve(name);
  } catch {
    return undefined;
  }
}

async function lookUp(build: PluginBuild, name: string, resolveDir: string): Promise<string | undefined> {
  const { path: found, errors } = await build.resolve(name, { resolveDir, kind: 'import-statement', pluginData: LOOKING_UP });
  return errors.length > 0 ? undefined : pathToFileURL(found).href;
}
