/**
 * `npm run bundle -- --engine webgpu|cuda [--out ganzoo-webgpu]`: a folder, and a .tar.gz of it, that runs `ganzoo` on a Linux machine (x64, glibc) without
 * network, npm or Node: this machine's Node, the built packages, of their dependencies the files that are used, Dawn for that platform alone,
 * and the Vulkan loader and C++ libraries where this machine has them; for cuda also TensorFlow with CUDA's libraries, gigabytes of them. `peers` beside
 * `ganzoo` compares with the PyTorch of the machine that it runs on (tools/peers).
 * Pack on the oldest system that it is to run on.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { nodeFileTrace } from '@vercel/nft';
import { create } from 'tar';
import { build } from 'tsup';

/** How hard to compress: TensorFlow and CUDA would take half an hour at 9. */
const COMPRESSION: Readonly<Record<string, number>> = { webgpu: 9, cuda: 1 };
const PLATFORM = 'linux-x64';
const PEERS = 'tools/peers';
const MIB = 2 ** 20;
/** Imported from sources and tests only; and Dawn's binaries, of which one is added. */
const LEFT_OUT = ['node_modules/tsx/**', 'node_modules/vitest/**', 'node_modules/vite/**', 'node_modules/@vitest/**', 'node_modules/@tensorflow/tfjs-node*/**', 'node_modules/webgpu/dist/**'];

const { values } = parseArgs({ options: { engine: { type: 'string', default: 'webgpu' }, out: { type: 'string' } } });
const level = COMPRESSION[values.engine] ?? fail(`There is no bundle for the engine '${values.engine}'.`, `Take one of: ${Object.keys(COMPRESSION).join(', ')}.`);
if (`${process.platform}-${process.arch}` !== PLATFORM) fail(`This machine is ${process.platform}-${process.arch}; a bundle has the Node of the machine that makes it.`, `Make it on ${PLATFORM}.`);
const out = path.resolve(values.out ?? `ganzoo-${values.engine}`);
process.chdir(fileURLToPath(new URL('../..', import.meta.url))); // paths below are the repository's
if (existsSync(out) && readdirSync(out).length > 0) fail(`The folder ${out} is not empty.`, 'Give another with --out, or delete it.');

const packages = readdirSync('packages').map((name) => path.join('packages', name));
const unbuilt = packages.filter((folder) => !existsSync(path.join(folder, 'dist')));
if (unbuilt.length > 0) fail(`Not built: ${unbuilt.join(', ')}.`, "Run 'npm run build' first; 'npm run bundle' does.");

const app = path.join(out, 'app');
for (const file of await files()) copy(file, path.join(app, file));
await addPeers(path.join(app, PEERS));
mkdirSync(path.join(out, 'bin'));
copyFileSync(process.execPath, path.join(out, 'bin/node'));
chmodSync(path.join(out, 'bin/node'), 0o755);
stripped(path.join(out, 'bin/node'));
copyLibraries(path.join(out, 'lib'));
if (values.engine === 'cuda') await copyCuda(path.join(out, 'engines'));
writeFileSync(path.join(out, 'ganzoo'), launcher('packages/bench/bin/ganzoo.js'), { mode: 0o755 });
writeFileSync(path.join(out, 'peers'), launcher(`${PEERS}/peers.js`, `--engine ${values.engine} --python "\${PYTHON:-python3}"`), { mode: 0o755 });

const archive = `${out}.tar.gz`;
await create({ gzip: { level }, file: archive, cwd: path.dirname(out), portable: true }, [path.basename(out)]);
console.log(`${out}: ${(sizeOf(out) / MIB).toFixed(1)} MiB; ${archive}: ${(statSync(archive).size / MIB).toFixed(1)} MiB`);

/** Everything that the packages import, and what they read beside it, relative to the repository. */
async function files(): Promise<string[]> {
  const own = packages.flatMap((folder) => filesIn(folder).filter((file) => /^(package\.json|(assets|weights|bin|dist)\/.*)$/.test(path.relative(folder, file))));
  const entries = own.filter((file) => /\/(bin|dist)\/.*\.js$/.test(file) && !file.includes('/dist/testing/'));
  const { fileList } = await nodeFileTrace(entries, { base: process.cwd(), ignore: LEFT_OUT });
  const wasm = ['dist', 'wasm-out'].flatMap((folder) => filesIn(`node_modules/@tensorflow/tfjs-backend-wasm/${folder}`)).filter((file) => /\.wasm$|wasm-out.*\.js$/.test(file));
  const dawn = filesIn(`node_modules/webgpu/dist/${PLATFORM}`);
  const read = dependencies().filter((name) => ![...fileList].some((file) => file.startsWith(`node_modules/${name}/`))); // as files, never imported
  const links = packages.map((folder) => `node_modules/@ganzoo/${path.basename(folder)}`);
  return [...new Set([...fileList, ...own, ...wasm, ...dawn, ...read.flatMap((name) => filesIn(`node_modules/${name}`)), ...links])].filter((file) => wanted(file) && !lstatSync(file).isDirectory());
}

/** What the packages depend on, besides each other. */
function dependencies(): string[] {
  const names = packages.flatMap((folder) => Object.keys((JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { dependencies?: Record<string, string> }).dependencies ?? {}));
  return [...new Set(names)].filter((name) => !name.startsWith('@ganzoo/'));
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const file = path.join(entry.parentPath, entry.name);
    return entry.isFile() && !path.relative(folder, file).startsWith('node_modules') ? [file] : [];
  });
}

/** Sources and maps are for readers. */
function wanted(file: string): boolean {
  return !/\.(ts|map|md)$/.test(file) && !file.includes('/test/');
}

function copy(from: string, to: string): void {
  mkdirSync(path.dirname(to), { recursive: true });
  cpSync(from, to, { verbatimSymlinks: true });
}

/** Each in a folder of its own, so that the launcher can choose. */
function copyLibraries(folder: string): void {
  const list = execFileSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' });
  for (const library of ['libvulkan.so.1', 'libstdc++.so.6', 'libgcc_s.so.1']) {
    const line = list.split('\n').find((one) => one.trim().startsWith(`${library} (libc6,x86-64)`));
    const found = line?.split(' => ')[1];
    if (found) copy(realpathSync(found), path.join(folder, library, library));
    else console.log(`${library} is not on this machine: the one that the bundle runs on must have it.`);
  }
}

/** Our installation of TensorFlow for CUDA. It is made first where this machine has none. */
async function copyCuda(engines: string): Promise<void> {
  console.log("TensorFlow for CUDA, of this machine's cache or installed there (2.5 GB) ...");
  const { installEngine } = await import('@ganzoo/engine'); // built by now
  const { path: installation } = await installEngine({ device: 'cuda', withoutGpu: true });
  cpSync(installation, path.join(engines, path.basename(installation)), { recursive: true, verbatimSymlinks: true });
}

/** The comparison with PyTorch: our side built, on the bundle's packages; the other as it is. */
async function addPeers(to: string): Promise<void> {
  const entry = ['peers.ts', 'ours.ts'].map((file) => path.join(PEERS, file));
  await build({ entry, outDir: to, format: 'esm', platform: 'node', target: 'node20', external: [/^@(ganzoo|tensorflow)\//], config: false, silent: true });
  for (const file of ['package.json', 'peer.py', 'steps.py', 'networks.py']) copy(path.join(PEERS, file), path.join(to, file));
}

/** Runs a script of the bundle with these arguments before those that it is given. */
function launcher(script: string, given = ''): string {
  return `#!/bin/sh
# Libraries of the bundle stand in for those that the machine lacks only: its GPU's driver may need newer ones.
here=$(cd -- "$(dirname -- "$(readlink -f -- "$0")")" && pwd)
for folder in "$here"/lib/*; do
  name=\${folder##*/}
  for system in /lib /usr/lib /lib64 /usr/lib64 /lib/x86_64-linux-gnu /usr/lib/x86_64-linux-gnu; do
    if [ -e "$system/$name" ]; then continue 2; fi
  done
  LD_LIBRARY_PATH="\${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$folder"
done
export LD_LIBRARY_PATH
if [ -d "$here/engines" ]; then export GANZOO_ENGINES="$here/engines"; fi
exec "$here/bin/node" "$here/app/${script}" ${given} "$@"
`;
}

/** Without the symbols, which only a debugger reads, where binutils is installed: a tenth of it. */
function stripped(binary: string): void {
  try {
    execFileSync('strip', ['--strip-all', binary], { stdio: 'ignore' });
  } catch {
    console.log("The bundle's Node keeps its symbols, because this machine has no 'strip' (binutils).");
  }
}

function sizeOf(folder: string): number {
  return filesIn(folder).reduce((sum, file) => sum + statSync(file).size, 0);
}

function fail(what: string, remedy: string): never {
  console.error(`${what}\n${remedy}`);
  process.exit(1);
}
