import { existsSync } from 'node:fs';

/** SwiftShader, a GPU in software, of Debian's package `chromium`: slow, and for tests as good as any. */
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';

/**
 * Before the webgpu engine is loaded for a test: where no GPU is, software may stand in for it.
 * @returns whether it does; then the engine must work.
 */
export function allowSoftwareGpu(): boolean {
  if (existsSync('/dev/dri') || !existsSync(SWIFTSHADER)) return false;
  Object.assign(process.env, { GANZOO_SOFTWARE_ADAPTER: '1', VK_DRIVER_FILES: SWIFTSHADER });
  return true;
}

/** Whether the webgpu engine can be tested here. */
export function hasGpu(): boolean {
  return existsSync('/dev/dri') || existsSync(SWIFTSHADER);
}
