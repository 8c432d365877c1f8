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
 * @param adapter part of its name, where there are several; default: the fastest.
 * @throws {EngineError} when there is none, none of that name, only a software one, or one without the needed limits.
 */
export async function openDevice(adapter?: string): Promise<OpenDevice> {
  const { gpu, versions } = await implementation(adapter);
  const found = await requestAdapter(gpu, adapter);
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

/** Dawn stops when nobody refers to what made its adapters. */
let dawn: GPU | undefined;

async function implementation(adapter: string | undefined): Promise<Implementation> {
  if (typeof process === 'undefined' || !process.versions?.node) {
    const { gpu } = navigator as { readonly gpu?: GPU };
    if (!gpu) throw new EngineError('This browser has no WebGPU.', { remedy: "Take a browser that has it, on a page served by https or from localhost; or take 'wasm'." });
    return { gpu, versions: {} };
  }
  if (adapter === undefined && process.platform === 'linux' && !(await hasGpuDevice())) {
    throw new EngineError('There is no GPU on this machine that its kernel knows.', { remedy: NO_GPU });
  }
  const { create, globals, version } = await loadDawn();
  Object.assign(globalThis, globals);
  dawn = create(adapter === undefined ? [] : [`adapter=${adapter}`]);
  return { gpu: dawn, versions: { webgpu: version } };
}

/** Whether Vulkan can find something. Asked first because Dawn and Vulkan print warnings where there is nothing. */
async function hasGpuDevice(): Promise<boolean> {
  const { existsSync } = await import('node:fs');
  const drivers = process.env.VK_DRIVER_FILES ?? process.env.VK_ICD_FILENAMES;
  return drivers !== undefined || ['/dev/dri', '/dev/nvidiactl', '/dev/dxg'].some((file) => existsSync(file));
}

async function loadDawn(): Promise<{ create: (options: string[]) => GPU; globals: object; version: string }> {
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

async function requestAdapter(gpu: GPU, adapter: string | undefined): Promise<GPUAdapter> {
  const notFound = (what: string, cause?: unknown): EngineError =>
    new EngineError(what, {
      remedy: NO_GPU,
      cause,
    });
  let found: GPUAdapter | null;
  try {
    found = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  } catch (error) {
    // Dawn lists what there is: " * backend: 'vulkan', name: 'NVIDIA H200'"
    const names = [...(error as Error).message.matchAll(/name: '([^']*)'/g)].map(([, name]) => `'${name}'`);
    const there = names.length === 0 ? 'There is none at all' : `There is ${names.join(', ')}`;
    throw notFound(adapter === undefined ? 'No GPU that WebGPU could use was found.' : `There is no WebGPU adapter called '${adapter}'. ${there}.`, error);
  }
  if (!found) throw notFound('No GPU that WebGPU could use was found.');
  return found;
}

function isSoftware({ info }: GPUAdapter): boolean {
  const { isFallbackAdapter = false } = info as GPUAdapterInfo & { readonly isFallbackAdapter?: boolean };
  return isFallbackAdapter || SOFTWARE.test(`${info.vendor} ${info.architecture} ${info.description} ${info.device}`);
}

function softwareIsAllowed(): boolean {
  return typeof process !== 'undefined' && process.env?.[ALLOW_SOFTWARE] === '1';
}
