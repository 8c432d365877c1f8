import { EngineError } from '@ganzoo/core';

/** A GPU that computes, and what it calls itself. */
export interface OpenDevice {
  readonly device: GPUDevice;
  readonly info: GPUAdapterInfo;
  /** In words: `NVIDIA H200`; one that computes on the processor says so. */
  readonly name: string;
}

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|basic render/i;

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
 * Opens the GPU with all that its adapter allows.
 * @param allowSoftware that the adapter computes on the processor: for tests.
 * @throws {EngineError} when it does and may not, or lacks a needed limit.
 */
export async function openDevice(adapter: GPUAdapter, { allowSoftware }: { readonly allowSoftware: boolean }): Promise<OpenDevice> {
  const { info, limits, features } = adapter;
  const name = info.description || [info.vendor, info.architecture].filter((part) => part !== '').join(' ') || 'GPU';
  const software = isSoftware(adapter);
  if (software && !allowSoftware) {
    throw new EngineError(`The only WebGPU adapter is '${name}', which computes on the processor, slower than the engines that are made for it.`, {
      remedy: "Install the GPU's driver (with Vulkan, on Linux), or take 'native' or 'wasm'. To test without a GPU set GANZOO_SOFTWARE_ADAPTER=1 (in a browser: allowSoftware).",
    });
  }
  checkLimits(limits, name);
  const requiredLimits = Object.fromEntries(RAISED_LIMITS.map((limit) => [limit, limits[limit]]));
  const requiredFeatures = (['timestamp-query'] as const).filter((feature) => features.has(feature));
  const device = await adapter.requestDevice({ requiredLimits, requiredFeatures });
  return { device, info, name: software ? `${name} (software)` : name };
}

/** @throws {EngineError} naming the first limit that is too low. */
export function checkLimits(limits: Pick<GPUSupportedLimits, keyof typeof NEEDED_LIMITS>, name: string): void {
  for (const [limit, needed] of Object.entries(NEEDED_LIMITS) as [keyof typeof NEEDED_LIMITS, number][]) {
    if (limits[limit] >= needed) continue;
    throw new EngineError(`The adapter '${name}' has a ${limit} of ${limits[limit]}; ${needed} are needed.`, { remedy: "Take another adapter, or 'native' or 'wasm'." });
  }
}

function isSoftware({ info }: GPUAdapter): boolean {
  const { isFallbackAdapter = false } = info as GPUAdapterInfo & { readonly isFallbackAdapter?: boolean };
  return isFallbackAdapter || SOFTWARE.test(`${info.vendor} ${info.architecture} ${info.description} ${info.device}`);
}
