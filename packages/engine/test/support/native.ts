import type { TestContext } from 'vitest';
import { type Installation, installedEngine } from '../../src/install/installation.js';

/** The private installation, or a test that is skipped and says why. */
export function skipWithoutNative(context: TestContext): Installation {
  const installation = installedEngine('cpu');
  if (installation === undefined) context.skip("skipped: the native engine is not installed on this machine ('npx nx install-engine engine' installs it)");
  return installation as Installation;
}
