import { EngineError } from '@ganzoo/core';
import { chooseGpu } from '../cuda/choose.js';
import { environmentOf, wholeNumberIn } from '../cuda/environment.js';
import { type Gpu, listGpus } from '../cuda/gpus.js';
import { checkGpu } from '../cuda/requirements.js';
import type { Machine } from './machine.js';
import type { InstallDevice, Recipe } from './recipe.js';
import { recipeFor } from './recipe.js';
import { firstTool, runTool } from './tools.js';

/** The programs that an installation runs, as found on this machine. */
export interface Tools {
  readonly python: string;
  readonly npm: string;
  readonly compiler: string;
}

export interface Checked {
  readonly recipe: Recipe;
  readonly tools: Tools;
  /** Makes the trial run compute on the GPU that was looked at. */
  readonly trialEnv: Readonly<Record<string, string>>;
}

const NODE_MAJOR_NEEDED = 20;
const WASM = "Use the engine 'wasm', which runs everywhere";

/** Of the GPU: CUDA's context, its libraries and the trial run. */
const GPU_BYTES = 1e9;

/**
 * Everything that can be known before a byte is downloaded.
 * @param withoutGpu for an image that will run elsewhere: nothing is asked of a driver.
 * @throws {EngineError} that names what is missing, and how to get it.
 */
export async function checkMachine(device: InstallDevice, folder: string, machine: Machine, withoutGpu = false): Promise<Checked> {
  const recipe = checkPlatform(device, machine);
  checkNode(machine);
  const trialEnv = device === 'cuda' && !withoutGpu ? await checkDriver(machine) : {};
  const tools = { python: await checkPython(machine), npm: await checkNpm(machine), compiler: await checkCompiler(machine) };
  await checkDisk(recipe, folder, machine);
  return { recipe, tools, trialEnv };
}

function checkPlatform(device: InstallDevice, { platform, arch, glibc }: Machine): Recipe {
  const recipe = recipeFor(device, platform, arch);
  if (recipe === undefined) {
    throw new EngineError(`TensorFlow publishes no ${device === 'cuda' ? 'CUDA' : 'C'} library for ${platform} ${arch}.`, { remedy: `${WASM}.` });
  }
  if (platform === 'linux' && !glibcAtLeast(glibc, 2, 27)) {
    throw new EngineError(`TensorFlow needs the GNU C library 2.27 or newer; this system has ${glibc ?? 'another C library (musl?)'}.`, {
      remedy: `${WASM}, or a Debian or Ubuntu image.`,
    });
  }
  return recipe;
}

function glibcAtLeast(version: string | undefined, major: number, minor: number): boolean {
  const [a = 0, b = 0] = (version ?? '').split('.').map(Number);
  return a > major || (a === major && b >= minor);
}

function checkNode({ nodeVersion }: Machine): void {
  if (Number(nodeVersion.split('.')[0]) < NODE_MAJOR_NEEDED) {
    throw new EngineError(`The native engine needs Node.js ${NODE_MAJOR_NEEDED} or newer; this is ${nodeVersion}.`, {
      remedy: `Install Node.js ${NODE_MAJOR_NEEDED} or newer.`,
    });
  }
}

async function checkDriver({ nvidiaDriver, env }: Machine): Promise<Checked['trialEnv']> {
  if (!nvidiaDriver) {
    throw new EngineError('There is no NVIDIA driver on this machine (neither /dev/nvidiactl nor the one of WSL).', {
      remedy: 'Install the NVIDIA driver (in a container: start it with --gpus all), install for the CPU with --device cpu, or, to prepare an image for another machine, add --without-gpu.',
    });
  }
  const chosen = chooseGpu(await listGpus(env), env.CUDA_VISIBLE_DEVICES, wholeNumberIn('GANZOO_DEVICE_INDEX', env));
  if (chosen.gpu) { // else nothing lists it: the trial run will tell
    checkGpu(chosen.gpu);
    checkGpuMemory(chosen.gpu);
  }
  return environmentOf(chosen);
}

function checkGpuMemory({ name, freeBytes = Infinity, memoryBytes = Infinity }: Gpu): void {
  if (freeBytes < GPU_BYTES) {
    throw new EngineError(`The ${name} has ${megabytes(freeBytes)} of its ${megabytes(memoryBytes)} free; the trial run after installing needs ${megabytes(GPU_BYTES)}.`, {
      remedy: "Stop what 'nvidia-smi' lists, or choose another GPU with CUDA_VISIBLE_DEVICES.",
    });
  }
}

async function checkPython(machine: Machine): Promise<string> {
  const python = 'python3';
  if (!(await runTool(python, ['--version'], { machine })).ok) {
    throw new EngineError("'python3' is not in the PATH; its pip downloads the TensorFlow library.", {
      remedy: `Install it (Debian, Ubuntu: apt-get install python3 python3-pip). Without it: ${WASM}.`,
    });
  }
  if (!(await runTool(python, ['-m', 'pip', '--version'], { machine })).ok) {
    throw new EngineError('python3 has no pip, which downloads the TensorFlow library.', {
      remedy: `Install it (Debian, Ubuntu: apt-get install python3-pip; elsewhere: python3 -m ensurepip). Without it: ${WASM}.`,
    });
  }
  return python;
}

async function checkNpm(machine: Machine): Promise<string> {
  if (!(await runTool('npm', ['--version'], { machine })).ok) {
    throw new EngineError("'npm' is not in the PATH; it downloads tfjs-node.", { remedy: `Install npm, which comes with Node.js. Without it: ${WASM}.` });
  }
  return 'npm';
}

async function checkCompiler(machine: Machine): Promise<string> {
  const chosen = machine.env.CXX;
  const compiler = await firstTool(chosen ? [chosen] : ['g++', 'clang++', 'c++'], ['--version'], { machine });
  if (compiler === undefined) {
    throw new EngineError(chosen ? `The C++ compiler that CXX names, '${chosen}', does not run.` : "There is no C++ compiler: none of 'g++', 'clang++' and 'c++' is in the PATH.", {
      remedy: `Install one (Debian, Ubuntu: apt-get install g++; macOS: xcode-select --install). Without it: ${WASM}.`,
    });
  }
  return compiler;
}

async function checkDisk(recipe: Recipe, folder: string, machine: Machine): Promise<void> {
  const free = await machine.freeBytes(folder);
  if (free < recipe.diskBytes) {
    throw new EngineError(`Installing needs ${megabytes(recipe.diskBytes)} free on the disk of ${folder}; there are ${megabytes(free)}.`, {
      remedy: 'Free some space, or set GANZOO_CACHE to a folder on another disk.',
    });
  }
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6).toLocaleString('en')} MB`;
}
