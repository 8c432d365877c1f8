import { existsSync } from 'node:fs';

/** SwiftShader, a GPU in software, of Debian's package `chromium`: slow, and for tests as good as any. */
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';

/** The Vulkan driver that stands in for a GPU: the one in software that the environment names, such as Mesa's lavapipe, else SwiftShader. */
const { VK_DRIVER_FILES: named = '' } = process.env;
const driver = /lvp|swiftshader/i.test(named) ? named : SWIFTSHADER;
const hasHardware = ['/dev/dri', '/dev/nvidiactl'].some((file) => existsSync(file));

/**
 * Before the webgpu engine is loaded for a test: where no GPU is, software may stand in for it.
 * @returns whether it does; then the engine must work.
 */
export function allowSoftwareGpu(): boolean {
  if (hasHardware || !existsSync(driver)) return false;
  Object.assign(process.env, { GANZOO_SOFTWARE_ADAPTER: '1', VK_DRIVER_FILES: driver });
  return true;
}

/** Whether the webgpu engine can be tested here. */
export function hasGpu(): boolean {
  return hasHardware || existsSync(driver);
}
