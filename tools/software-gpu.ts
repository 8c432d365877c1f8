import { existsSync } from 'node:fs';

/** SwiftShader, a GPU in software, of Debian's package `chromium`: slow, and for tests as good as any. */
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';

/** The Vulkan driver that stands in for a GPU: the one asked for in the environment, such as Mesa's lavapipe, else SwiftShader. */
const driver = process.env.VK_DRIVER_FILES ?? SWIFTSHADER;

/**
 * Before the webgpu engine is loaded for a test: where no GPU is, software may stand in for it.
 * @returns whether it does; then the engine must work.
 */
export function allowSoftwareGpu(): boolean {
  if (existsSync('/dev/dri') || !existsSync(driver)) return false;
  Object.assign(process.env, { GANZOO_SOFTWARE_ADAPTER: '1', VK_DRIVER_FILES: driver });
  return true;
}

/** Whether the webgpu engine can be tested here. */
export function hasGpu(): boolean {
  return existsSync('/dev/dri') || existsSync(driver);
}
