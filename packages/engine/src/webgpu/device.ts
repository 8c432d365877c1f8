import { EngineError } from '@ganzoo/core';

/** A GPU that computes, and what it calls itself. */
export interface OpenDevice {
  readonly device: GPUDevice;
  readonly info: GPUAdapterInfo;
  /** In words: `NVIDIA H200`. */
  readonly name: string;
  /** Computes on the processor: for tests. */
  readonly software: boolean;
  /** Of the implementation of WebGPU, where it has one. */
  readonly versions: Readonly<Record<string, string>>;
}

/** Set to 1, it lets a software adapter be taken, so that the engine can be tested without a GPU. */
const ALLOW_SOFTWARE = 'GANZOO_SOFTWARE_ADAPTER';

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|basic render/i;

const NO_GPU = "Install the GPU's driver and, on Linux, the Vulkan loader (Debian: libvulkan1); 'native' and 'wasm' need no GPU.";

/** What kernels here ask of a device; a full WebGPU adapter has at least these. */
const NEEDED_LIMITS = { maxStorageBuffersPerShaderStage: 8, maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupStorageSize: 16384 } as const;

/** Taken as far as the adapter has them: the defaults are those of the smallest device. */
const RAISED_LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
  'maxStorageBuffersPerShaderStage',
] as const;

/**
 * Opens a GPU: the browser's, or in Node one that Dawn (npm's `webgpu`) finds by Vulkan, Metal or D3D12.
 * @param adapter part of its name, in Node, where there are several; default: the fastest.
 * @throws {EngineError} when there is none, none of that name, only a software one, or one without the needed limits.
 */
export async function openDevice(adapter?: string): Promise<OpenDevice> {
  const { gpu, versions } = await implementation();
  const found = adapter === undefined ? await fastest(gpu) : await named(adapter);
  const { info } = found;
  const name = info.description || [info.vendor, info.architecture].filter((part) => part !== '').join(' ') || 'GPU';
  const software = isSoftware(found);
  if (software && !softwareIsAllowed()) {
    throw new EngineError(`The only WebGPU adapter${adapter === undefined ? '' : ` called '${adapter}'`} is '${name}', which computes on the processor, slower than the engines that are made for it.`, {
      remedy: `Install the GPU's driver (with Vulkan, on Linux), or take 'native' or 'wasm'. To test without a GPU set ${ALLOW_SOFTWARE}=1.`,
    });
  }
  checkLimits(found.limits, name);
  const requiredLimits = Object.fromEntries(RAISED_LIMITS.map((limit) => [limit, found.limits[limit]]));
  const requiredFeatures = (['timestamp-query'] as const).filter((feature) => found.features.has(feature));
  const device = await found.requestDevice({ requiredLimits, requiredFeatures });
  return { device, info, name: software ? `${name} (software)` : name, software, versions };
}

/** @throws {EngineError} naming the first limit that is too low. */
export function checkLimits(limits: Pick<GPUSupportedLimits, keyof typeof NEEDED_LIMITS>, name: string): void {
  for (const [limit, needed] of Object.entries(NEEDED_LIMITS) as [keyof typeof NEEDED_LIMITS, number][]) {
    if (limits[limit] >= needed) continue;
    throw new EngineError(`The adapter '${name}' has a ${limit} of ${limits[limit]}; ${needed} are needed.`, { remedy: "Take another adapter, or 'native' or 'wasm'." });
  }
}

interface Implementation {
  readonly gpu: GPU;
  readonly versions: Readonly<Record<string, string>>;
}

/** Dawn's, each as long as the process: one that nobody refers to any more takes its devices with it. */
const instances: GPU[] = [];

async function implementation(): Promise<Implementation> {
  if (!inNode()) {
    const { gpu } = navigator as { readonly gpu?: GPU };
    if (!gpu) throw new EngineError('This browser has no WebGPU.', { remedy: "Take a browser that has it, on a page served by https or from localhost; or take 'wasm'." });
    return { gpu, versions: {} };
  }
  if (process.platform === 'linux' && !(await hasGpuDevice())) throw new EngineError('There is no GPU on this machine that its kernel knows.', { remedy: NO_GPU });
  const { create, globals, version } = await loadDawn();
  Object.assign(globalThis, globals);
  return { gpu: keep(create([])), versions: { webgpu: version } };
}

function keep(gpu: GPU): GPU {
  instances.push(gpu);
  return gpu;
}

function inNode(): boolean {
  return typeof process !== 'undefined' && process.versions?.node !== undefined;
}

/** Whether Vulkan can find something. Asked first because Dawn and Vulkan print warnings where there is nothing. */
async function hasGpuDevice(): Promise<boolean> {
  const { existsSync } = await import('node:fs');
  const drivers = process.env.VK_DRIVER_FILES ?? process.env.VK_ICD_FILENAMES;
  return drivers !== undefined || ['/dev/dri', '/dev/nvidiactl', '/dev/dxg'].some((file) => existsSync(file));
}

/** @throws {EngineError} when it is not there, or not for this platform. */
export async function loadDawn(): Promise<{ create: (options: string[]) => GPU; globals: object; version: string }> {
  try {
    const { create, globals } = await import('webgpu');
    const { createRequire } = await import('node:module');
    const { readFileSync } = await import('node:fs');
    const entry = createRequire(import.meta.url).resolve('webgpu');
    const { version } = JSON.parse(readFileSync(new URL('package.json', `file://${entry}`), 'utf8')) as { version: string };
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

/** The adapter with that in its name, in capitals or not. Only Dawn knows adapters by their names; a browser shows one. */
async function named(adapter: string): Promise<GPUAdapter> {
  if (!inNode()) throw new EngineError('In a browser an adapter cannot be chosen by its name.', { remedy: "Leave 'adapter' out." });
  const names = await adapterNames();
  const name = names.find((one) => one.toLowerCase().includes(adapter.toLowerCase()));
  if (name === undefined) {
    const there = names.length === 0 ? 'There is none at all.' : `There is ${names.map((one) => `'${one}'`).join(', ')}.`;
    throw new EngineError(`There is no WebGPU adapter called '${adapter}'. ${there}`, { remedy: names.length === 0 ? NO_GPU : 'Give a part of such a name, or none for the fastest.' });
  }
  const { create } = await loadDawn();
  return fastest(keep(create([`adapter=${name}`])));
}

/** Dawn lists what there is when it is asked for what there is not: " * backend: 'vulkan', name: 'NVIDIA H200'" */
async function adapterNames(): Promise<string[]> {
  const { create } = await loadDawn();
  try {
    await keep(create(['adapter=no such adapter'])).requestAdapter();
    return [];
  } catch (error) {
    return [...(error as Error).message.matchAll(/name: '([^']*)'/g)].map(([, name]) => name as string);
  }
}

function isSoftware({ info }: GPUAdapter): boolean {
  const { isFallbackAdapter = false } = info as GPUAdapterInfo & { readonly isFallbackAdapter?: boolean };
  return isFallbackAdapter || SOFTWARE.test(`${info.vendor} ${info.architecture} ${info.description} ${info.device}`);
}

function softwareIsAllowed(): boolean {
  return inNode() && process.env[ALLOW_SOFTWARE] === '1';
}
