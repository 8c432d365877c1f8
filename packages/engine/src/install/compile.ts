import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { EngineError } from '@ganzoo/core';
import { ADDON } from './packages.js';
import type { Recipe } from './recipe.js';
import { type RunOptions, runTool, tail } from './tools.js';

/**
 * Compiles tfjs-node's addon: two C++ files of pure Node-API, so Node's own headers and node-gyp are not needed.
 * The libraries are named by path and found again at run time through an rpath relative to the addon.
 */
export async function compileAddon(recipe: Recipe, compiler: string, staging: string, include: string, options: RunOptions): Promise<void> {
  const folder = path.join(staging, 'node_modules', recipe.tfjsNode.name);
  const addon = path.join(folder, ADDON);
  await mkdir(path.dirname(addon), { recursive: true });
  const mac = process.platform === 'darwin';
  const args = [
    '-std=c++17',
    '-O2',
    '-fPIC',
    '-shared',
    '-DNAPI_VERSION=8',
    '-DNODE_GYP_MODULE_NAME=tfjs_binding',
    ...[path.join(staging, 'node_modules/node-api-headers/include'), folder, include].map((directory) => `-I${directory}`),
    ...['binding/tfjs_backend.cc', 'binding/tfjs_binding.cc'].map((file) => path.join(folder, file)),
    ...recipe.libraries.map((library) => path.join(folder, 'deps/lib', library)),
    `-Wl,-rpath,${mac ? '@loader_path' : '$ORIGIN'}/../../deps/lib`,
    ...(mac ? ['-undefined', 'dynamic_lookup'] : []), // Node-API's symbols are the running node's
    '-o',
    addon,
  ];
  const result = await runTool(compiler, args, options);
  if (!result.ok) {
    const line = result.output.split('\n').find((text) => text.includes('error')) ?? tail(result.output, 1);
    throw new EngineError(`${compiler} could not compile tfjs-node's addon: ${line || result.reason}`, {
      remedy: 'Set CXX to a compiler that knows C++17 (g++ 8, clang 7 or newer).',
    });
  }
}
