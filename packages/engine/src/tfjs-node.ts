import { existsSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import path from 'node:path';
import util from 'node:util';
import { EngineError } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { installedEngine } from './install/installation.js';
import { ADDON } from './install/packages.js';
import type { InstallDevice, TfjsNodeName } from './install/recipe.js';

/** What tfjs-node's back end has beyond TensorFlow.js's own interface, as far as engines need it. */
interface TfjsNodeBackend extends tf.KernelBackend {
  readonly binding: { readonly TF_Version: string };
  readonly isUsingGpuDevice: boolean;
}

export interface TfjsNode {
  readonly usesGpu: boolean;
  readonly versions: Readonly<Record<string, string>>;
}

/** tfjs-node registers itself under this name, also for GPUs. */
const BACKEND = 'tensorflow';

/** Whether there is one to load: the user's own, as required from `directory`, or our installation. */
export function hasTfjsNode(device: InstallDevice, directory: string): boolean {
  return installedEngine(device) !== undefined || findPackage(nameOf(device), directory) !== undefined;
}

/**
 * Loads the user's own tfjs-node, as required from `directory`, or else our installation.
 * @returns undefined when there is neither.
 * @throws {EngineError} when what is there does not load.
 */
export function loadPreferredTfjsNode(device: InstallDevice, directory: string): TfjsNode | undefined {
  const name = nameOf(device);
  const ours = installedEngine(device);
  const users = findPackage(name, directory);
  if (users !== undefined) {
    try {
      return loadTfjsNode(users);
    } catch (error) {
      if (ours === undefined) throw error;
    }
  }
  return ours && loadTfjsNode(path.join(ours.path, 'node_modules', name));
}

function nameOf(device: InstallDevice): TfjsNodeName {
  return device === 'cuda' ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node';
}

/** The folder of a package as required from `directory`: a user's own tfjs-node. */
function findPackage(name: TfjsNodeName, directory: string): string | undefined {
  try {
    return path.dirname(createRequire(path.join(directory, 'noop.js')).resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

/**
 * Loads tfjs-node from its folder and makes it the back end of the project's TensorFlow.js.
 * @throws {EngineError} when it has no addon (installed without its scripts), or the addon or a library does not load.
 */
export function loadTfjsNode(folder: string): TfjsNode {
  prepareProcess();
  const require = createRequire(path.join(folder, 'package.json'));
  try {
    // The addon first and alone: if it does not load, no kernel of this package has been registered yet.
    const addon = path.join(folder, ADDON);
    if (!existsSync(addon)) throw new Error('its compiled addon is missing (installed without its install script, or the script failed)');
    require(addon);
    withSharedTensorFlowJs(() => require(folder));
  } catch (error) {
    throw new EngineError(`${path.basename(folder)} in ${folder} does not load: ${firstLine(error)}.`, {
      remedy: "Run 'ganzoo engine install' for a working one.",
      cause: error,
    });
  }
  const backend = tf.findBackend(BACKEND) as TfjsNodeBackend;
  const { version } = require('./package.json') as { version: string };
  return { usesGpu: backend.isUsingGpuDevice, versions: { tfjs: tf.version.tfjs, 'tfjs-node': version, tensorflow: backend.binding.TF_Version } };
}

/** What must be in place before TensorFlow is loaded. What the user has set stays. */
function prepareProcess(): void {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'; // warnings of the C++ library are about its build; errors stay
  process.env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true';
  // tfjs-node 4.22 calls two functions that Node 22 warns of and Node 23 removed (tfjs#8609).
  Object.assign(util, { isNullOrUndefined: (value: unknown) => value === null || value === undefined, isArray: Array.isArray });
}

type ResolveFilename = (request: string, ...rest: unknown[]) => string;

/**
 * Runs `load` while every `require('@tensorflow/tfjs')` resolves to the project's own TensorFlow.js. An installation in
 * the cache has no TensorFlow.js of its own, and a user's tfjs-node may have a nested one: kernels, variables and
 * `instanceof` need one single instance. Node has no public hook for this before version 22.
 */
function withSharedTensorFlowJs(load: () => void): void {
  const own = createRequire(import.meta.url);
  const tfjs = own.resolve('@tensorflow/tfjs');
  const shared = new Map([
    ['@tensorflow/tfjs', tfjs],
    ['@tensorflow/tfjs-core', createRequire(tfjs).resolve('@tensorflow/tfjs-core')], // seen from there also when npm has nested it
  ]);
  const internals = Module as unknown as { _resolveFilename: ResolveFilename };
  const original = internals._resolveFilename;
  internals._resolveFilename = function resolveShared(this: unknown, request, ...rest) {
    return shared.get(request) ?? original.call(this, request, ...rest);
  };
  try {
    load();
  } finally {
    internals._resolveFilename = original;
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]?.replace(/\.$/, '') ?? '';
}
