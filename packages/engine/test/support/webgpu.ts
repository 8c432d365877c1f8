import { loadEngine } from '@ganzoo/engine';
import type { TestContext } from 'vitest';
import { allowSoftwareGpu } from '../../../../tools/software-gpu.js';

/** The webgpu engine, on a GPU or in software; or a test that is skipped and says why. */
export async function webgpuOrSkip(context: TestContext): Promise<void> {
  const mustWork = allowSoftwareGpu();
  try {
    await loadEngine('webgpu');
  } catch (error) {
    if (mustWork) throw error;
    context.skip(`the webgpu engine does not work here: ${(error as Error).message}`);
  }
}
