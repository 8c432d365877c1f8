import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EngineError } from '@ganzoo/core';
import type { Recipe } from './recipe.js';
import { type RunOptions, runTool, tail } from './tools.js';
import { unpack } from './unpack.js';

/**
 * Puts the JavaScript half of tfjs-node into `<staging>/node_modules`, with what it requires at run time apart from
 * TensorFlow.js itself, which it shares with the project. `npm pack` fetches exactly these tarballs and runs no scripts.
 */
export async function fetchPackages(recipe: Recipe, tools: { python: string; npm: string }, staging: string, options: RunOptions): Promise<void> {
  const tarballs = path.join(staging, 'tarballs');
  await mkdir(tarballs, { recursive: true });
  const specs = [`${recipe.tfjsNode.name}@${recipe.tfjsNode.version}`, ...recipe.npmPackages];
  const patience = ['--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-timeout=15000'];
  const result = await runTool(tools.npm, ['pack', ...specs, '--prefer-offline', ...patience, '--pack-destination', tarballs], { ...options, cwd: staging });
  if (!result.ok) {
    const line = /npm (?:error|ERR!) (?!code|errno|syscall)[^\n]*/.exec(result.output)?.[0] ?? tail(result.output);
    throw new EngineError(`npm could not fetch ${specs[0]}: ${line || result.reason}`, {
      remedy: "Check the network and npm's configuration (registry, proxy), then run 'ganzoo engine install'.",
    });
  }
  const files = await readdir(tarballs);
  for (const spec of specs) {
    const name = spec.slice(0, spec.lastIndexOf('@'));
    const version = spec.slice(spec.lastIndexOf('@') + 1);
    const tarball = `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
    if (!files.includes(tarball)) throw new EngineError(`npm pack left no '${tarball}'.`, { remedy: 'Report this with the version of npm.' });
    await unpack(path.join(tarballs, tarball), path.join(staging, 'node_modules', name), ['package/'], tools.python, options);
  }
  await writeAddonFinder(staging, recipe);
}

/**
 * tfjs-node asks `@mapbox/node-pre-gyp` for one thing only: where its addon is. We know; the real package would bring
 * fifty others.
 */
async function writeAddonFinder(staging: string, recipe: Recipe): Promise<void> {
  const folder = path.join(staging, 'node_modules/@mapbox/node-pre-gyp');
  await mkdir(folder, { recursive: true });
  const addon = `../../${recipe.tfjsNode.name}/${ADDON}`;
  await writeFile(path.join(folder, 'index.js'), `'use strict';\nexports.find = () => require('node:path').join(__dirname, '${addon}');\n`);
}

/** The compiled addon, inside tfjs-node's folder. */
export const ADDON = 'lib/napi-v8/tfjs_binding.node';
