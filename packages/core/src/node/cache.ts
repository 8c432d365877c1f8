import path from 'node:path';
import envPaths from 'env-paths';

/**
 * A path in the user's cache: `GANZOO_CACHE`, or the platform's cache folder (`~/.cache/ganzoo` on Linux).
 * Nothing is created.
 */
export function cachePath(...parts: readonly string[]): string {
  return path.resolve(process.env.GANZOO_CACHE ?? envPaths('ganzoo', { suffix: '' }).cache, ...parts);
}
