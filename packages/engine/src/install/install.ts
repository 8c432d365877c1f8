import { mkdir, readdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { EngineError } from '@ganzoo/core';
import { remove } from '@ganzoo/core/node';
import { inChildProcess } from '../child-process.js';
import { checkMachine, type Tools } from './checks.js';
import { compileAddon } from './compile.js';
import { downloadWheels } from './download.js';
import { installationPath, installedEngine } from './installation.js';
import { type Machine, thisMachine } from './machine.js';
import { installOnce } from './once.js';
import { ADDON, fetchPackages } from './packages.js';
import type { OnProgress } from './progress.js';
import { type InstallDevice, type Recipe, recipeFor } from './recipe.js';
import type { RunOptions } from './tools.js';
import { unpack } from './unpack.js';

export interface InstallOptions {
  /** @default 'cpu' */
  readonly device?: InstallDevice;
  /** For cuda on a machine that has no GPU, such as one that builds an image: neither driver nor GPU is asked for, and the trial run computes on the processor. @default false */
  readonly withoutGpu?: boolean;
  readonly onProgress?: OnProgress;
  /** Aborting stops the programs that run and removes what they left. */
  readonly signal?: AbortSignal;
  /** The machine as the checks see it. @default this one */
  readonly machine?: Machine;
}

export interface Installed {
  /** Folder of the installation. */
  readonly path: string;
  readonly alreadyThere: boolean;
  readonly seconds: number;
}

/** Headers of TensorFlow's C interface: all that the addon includes. */
const HEADERS = ['tensorflow/c/', 'tensorflow/core/platform/', 'tsl/platform/', 'xla/tsl/c/'].map((folder) => `tensorflow/include/${folder}`);

/**
 * Makes the private installation of tfjs-node against a modern TensorFlow, in the user's cache, once per machine:
 * checks, npm packages, TensorFlow (274 MB, with CUDA's libraries 2.5 GB) by pip, compiling, a trial run, and only then the folder's final name.
 * @throws {EngineError} what is missing or failed, in one sentence, and what to do about it.
 */
export async function installEngine(options: InstallOptions = {}): Promise<Installed> {
  const { device = 'cpu', withoutGpu = false, onProgress = () => {}, signal, machine = thisMachine() } = options;
  const start = performance.now();
  const seconds = (): number => (performance.now() - start) / 1000;
  const there = installedEngine(device);
  if (there) return { path: there.path, alreadyThere: true, seconds: seconds() };

  // Where there is no recipe, the checks below say so; a folder's name is needed before.
  const recipe = recipeFor(device, machine.platform, machine.arch) ?? (await checkMachine(device, '.', machine)).recipe;
  const target = installationPath(recipe);
  const { alreadyThere } = await installOnce({
    target,
    key: recipe.key,
    versions: { 'tfjs-node': recipe.tfjsNode.version, tensorflow: recipe.tensorflow },
    onWait: () => onProgress({ phase: 'waiting' }),
    build: async (staging) => {
      onProgress({ phase: 'checking' });
      const { tools, trialEnv } = await checkMachine(device, target, machine, withoutGpu);
      await build(recipe, tools, staging, { machine, signal }, onProgress);
      onProgress({ phase: 'verifying' });
      await verify(recipe, staging, { withoutGpu, env: trialEnv });
      const gpu = recipe.gpuLibraries.map((library) => `deps/nvidia/${library}`);
      return [...recipe.libraries.map((library) => `deps/lib/${library}`), ...gpu, ADDON].map((file) => `node_modules/${recipe.tfjsNode.name}/${file}`);
    },
  });
  return { path: target, alreadyThere, seconds: seconds() };
}

async function build(recipe: Recipe, tools: Tools, staging: string, options: RunOptions, onProgress: OnProgress): Promise<void> {
  onProgress({ phase: 'packages' });
  await fetchPackages(recipe, tools, staging, options);

  const wheels = path.join(staging, 'wheels');
  await downloadWheels(recipe, tools.python, wheels, options, onProgress);

  onProgress({ phase: 'unpacking' });
  const unpacked = path.join(staging, 'unpacked');
  await unpackWheels(recipe, tools, { wheels, unpacked, dependencies: path.join(staging, 'node_modules', recipe.tfjsNode.name, 'deps') }, options);

  onProgress({ phase: 'compiling' });
  await compileAddon(recipe, tools.compiler, staging, path.join(unpacked, 'tensorflow/include'), options);

  for (const leftover of ['tarballs', 'wheels', 'unpacked', 'node_modules/node-api-headers']) await remove(path.join(staging, leftover));
}

/**
 * The libraries go to `deps/lib`. NVIDIA's go to `deps/nvidia/<name>/lib`, because TensorFlow's own rpath looks for them
 * in `../nvidia` of its folder: so nobody needs an LD_LIBRARY_PATH.
 */
async function unpackWheels(
  recipe: Recipe,
  tools: Tools,
  { wheels, unpacked, dependencies }: { wheels: string; unpacked: string; dependencies: string },
  options: RunOptions,
): Promise<void> {
  const prefixes = [...recipe.libraries.map((library) => `tensorflow/${library}`), ...HEADERS, 'nvidia/'];
  for (const wheel of (await readdir(wheels)).filter((file) => file.endsWith('.whl'))) {
    const file = path.join(wheels, wheel);
    await unpack(file, unpacked, prefixes, tools.python, options, true);
    await remove(file); // before the next one: the disk holds one wheel more at most
  }
  await mkdir(path.join(dependencies, 'lib'), { recursive: true });
  for (const library of recipe.libraries) await rename(path.join(unpacked, 'tensorflow', library), path.join(dependencies, 'lib', library));
  if (recipe.device === 'cuda') await rename(path.join(unpacked, 'nvidia'), path.join(dependencies, 'nvidia'));
}

/** Loads what was built in a process of its own and computes with it: only what works gets its final name. */
async function verify(recipe: Recipe, staging: string, { withoutGpu, env }: { withoutGpu: boolean; env: Readonly<Record<string, string>> }): Promise<void> {
  const answer = await inChildProcess({ task: 'try-installation', folder: staging, packageName: recipe.tfjsNode.name }, env);
  if (!answer.ok) {
    throw new EngineError(`The installation was made but does not work: ${answer.reason}`, { remedy: `${answer.remedy} Until then the engine 'wasm' works.` });
  }
  if (recipe.device === 'cuda' && answer.device !== 'GPU' && !withoutGpu) {
    throw new EngineError('The installation was made, but TensorFlow finds no GPU that it can use.', {
      remedy: "See whether 'nvidia-smi' lists the GPU; TF_CPP_MIN_LOG_LEVEL=0 makes TensorFlow say why.",
    });
  }
}
