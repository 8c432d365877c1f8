import { existsSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'vitest';

const folder = process.env.GANZOO_DATA ?? path.resolve(import.meta.dirname, '../../../../../shared/data');

/** The folder with the published files; skips the test, saying why, where a file is not there. */
export function realData(context: TestContext, ...files: readonly string[]): string {
  const missing = files.find((file) => !existsSync(path.join(folder, file)));
  if (missing !== undefined) {
    context.skip(`the published data are not on this machine: no ${missing} in GANZOO_DATA or ../shared/data`);
  }
  return folder;
}
