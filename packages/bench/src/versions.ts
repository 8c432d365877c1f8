import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

// This file lies directly in `src`, and its build in `dist`, so that `../package.json` is right from both.
const own = readVersion(new URL('../package.json', import.meta.url));

/** Of the command itself. */
export const version: string = own;

/** Of the packages that a result depends on. */
export function packageVersions(): Record<string, string> {
  const { resolve } = createRequire(import.meta.url);
  const others = ['@ganzoo/core', '@ganzoo/datasets', '@ganzoo/metrics'].map((name) => [name, readVersion(resolve(`${name}/package.json`))]);
  return { '@ganzoo/bench': own, ...Object.fromEntries(others) };
}

function readVersion(file: string | URL): string {
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
