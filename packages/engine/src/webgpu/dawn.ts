import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { EngineError } from '@ganzoo/core';
import { type OpenDevice, openDevice } from './device.js';

const NO_GPU = "Install the GPU's driver and, on Linux, the Vulkan loader (Debian: libvulkan1); 'native' and 'wasm' need no GPU.";

/** The GPU's clock as it is: Dawn rounds it to steps of some 65 microseconds, for web pages. */
const FLAGS = ['disable-dawn-features=timestamp_quantization'];

/** Npm's `webgpu`. */
interface Dawn {
  readonly create: (options: string[]) => GPU;
  /** WebGPU's classes and constants, which a browser has as globals. */
  readonly globals: object;
  readonly version: string;
}

/**
 * Opens a GPU that Dawn finds by Vulkan, Metal or D3D12. A software adapter only where the environment has GANZOO_SOFTWARE_ADAPTER=1.
 * @param adapter part of its name, where there are several; default: the fastest.
 * @throws {EngineError} when there is none, none of that name, only a software one, or one without the needed limits.
 */
export async function openDawnDevice(adapter?: string): Promise<OpenDevice & { readonly versions: Readonly<Record<string, string>> }> {
  if (process.platform === 'linux' && !hasGpuDevice()) throw new EngineError('There is no GPU on this machine that its kernel knows.', { remedy: NO_GPU });
  const { create, globals, version } = await loadDawn();
  Object.assign(globalThis, globals);
  const found = adapter === undefined ? await fastest(keep(create(FLAGS))) : await named(create, adapter);
  const opened = await openDevice(found, { allowSoftware: process.env.GANZOO_SOFTWARE_ADAPTER === '1' });
  return { ...opened, versions: { webgpu: version } };
}

/** Dawn's, each as long as the process: one that nobody refers to any more takes its devices with it. */
const instances: GPU[] = [];

function keep(gpu: GPU): GPU {
  instances.push(gpu);
  return gpu;
}

/** Whether Vulkan can find something. Asked first because Dawn and Vulkan print warnings where there is nothing. */
function hasGpuDevice(): boolean {
  const drivers = process.env.VK_DRIVER_FILES ?? process.env.VK_ICD_FILENAMES;
  return drivers !== undefined || ['/dev/dri', '/dev/nvidiactl', '/dev/dxg'].some((file) => existsSync(file));
}

/** @throws {EngineError} when it is not there, or not for this platform. */
export async function loadDawn(): Promise<Dawn> {
  try {
    const { create, globals } = await import('webgpu');
    const folder = path.dirname(createRequire(import.meta.url).resolve('webgpu'));
    const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { version: string };
    return { create, globals, version };
  } catch (error) {
    throw new EngineError(`WebGPU for Node, npm's package 'webgpu', does not load here: ${(error as Error).message.split('\n')[0]}`, {
      remedy: "Run 'npm install webgpu'; it has binaries for Linux, macOS and Windows.",
      cause: error,
    });
  }
}

async function fastest(gpu: GPU): Promise<GPUAdapter> {
  const found = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!found) throw new EngineError('No GPU that WebGPU could use was found.', { remedy: NO_GPU });
  return found;
}

/** The adapter with that in its name, in capitals or not. */
async function named(create: Dawn['create'], adapter: string): Promise<GPUAdapter> {
  const names = await adapterNames(create);
  const name = names.find((one) => one.toLowerCase().includes(adapter.toLowerCase()));
  if (name === undefined) {
    const there = names.length === 0 ? 'There is none at all.' : `There is ${names.map((one) => `'${one}'`).join(', ')}.`;
    throw new EngineError(`There is no WebGPU adapter called '${adapter}'. ${there}`, { remedy: names.length === 0 ? NO_GPU : 'Give a part of such a name, or none for the fastest.' });
  }
  return fastest(keep(create([...FLAGS, `adapter=${name}`])));
}

/** Dawn lists what there is when it is asked for what there is not: " * backend: 'vulkan', name: 'NVIDIA H200'" */
async function adapterNames(create: Dawn['create']): Promise<string[]> {
  try {
    await keep(create(['adapter=no such adapter'])).requestAdapter();
    return [];
  } catch (error) {
    return [...(error as Error).message.matchAll(/name: '([^']*)'/g)].map(([, name]) => name as string);
  }
}
