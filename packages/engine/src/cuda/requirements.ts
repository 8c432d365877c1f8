import { EngineError } from '@ganzoo/core';
import type { Gpu } from './gpus.js';

/**
 * What the TensorFlow of the recipe was built for: its `build_info` says CUDA 12.5.1 and kernels for compute capability 6.0,
 * 7.0, 8.0 and 8.9 (which also run on 6.1 to 8.9), and for 9.0 intermediate code only, which the driver translates. On newer
 * GPUs that translation fails with CUDA_ERROR_INVALID_PTX (tensorflow#90291, #101746).
 */
const CAPABILITY = { least: '6.0', below: '10.0', translated: '9.0' };
/** Of Linux. CUDA's release notes: any CUDA 12 runs from 525.60.13 on, its intermediate code only with the driver of its own version. */
const DRIVER = { cuda12: '525.60.13', translating: '555.42.06' };

const OTHERS = "Take another GPU, with CUDA_VISIBLE_DEVICES or --device-index, or the engine 'webgpu', which runs on every GPU with a Vulkan driver.";

/** @throws {EngineError} when TensorFlow cannot compute on the GPU, or not with this driver. */
export function checkGpu({ name, driver, computeCapability }: Gpu): void {
  if (computeCapability !== undefined && (older(computeCapability, CAPABILITY.least) || !older(computeCapability, CAPABILITY.below))) {
    throw new EngineError(`TensorFlow has no kernels for the ${name}: its compute capability is ${computeCapability}, and 6.0 to 9.0 are served.`, { remedy: OTHERS });
  }
  const needed = computeCapability === undefined || older(computeCapability, CAPABILITY.translated) ? DRIVER.cuda12 : DRIVER.translating;
  if (older(driver, needed)) {
    throw new EngineError(`The NVIDIA driver ${driver} is too old for TensorFlow on the ${name}: it needs ${needed} or newer.`, { remedy: "Update the driver. Until then 'webgpu' may run, which asks less of it." });
  }
}

/** Whether version a comes before b, part by part. */
function older(a: string, b: string): boolean {
  const [x, y] = [a, b].map((version) => version.split('.').map(Number)) as [number[], number[]];
  const i = y.findIndex((part, at) => part !== (x[at] ?? 0));
  return i >= 0 && (x[i] ?? 0) < (y[i] as number);
}
