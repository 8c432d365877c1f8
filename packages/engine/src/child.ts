import path from 'node:path';
import { type EngineName, GanzooError } from '@ganzoo/core';
import { selectBackend } from './drivers/select.js';
import type { TfjsNodeName } from './install/recipe.js';
import { loadEngine } from './load.js';
import { measureConvolution } from './measure.js';
import { probe } from './probe.js';
import { loadTfjsNode } from './tfjs-node.js';

/** What a child process can be asked to do. */
export type ChildTask =
  | { readonly task: 'try-engine'; readonly engine: EngineName; readonly directory: string }
  | { readonly task: 'try-installation'; readonly folder: string; readonly packageName: TfjsNodeName };

export type ChildAnswer =
  | { readonly ok: true; readonly device: string; readonly versions: Readonly<Record<string, string>>; readonly gflops?: number }
  | { readonly ok: false; readonly reason: string; readonly remedy: string };

async function tryEngine(name: EngineName, directory: string): Promise<ChildAnswer> {
  const { device, versions } = await loadEngine(name, { directory });
  return { ok: true, device, versions, gflops: await measureConvolution() };
}

async function tryInstallation(folder: string, packageName: TfjsNodeName): Promise<ChildAnswer> {
  const { versions, usesGpu } = loadTfjsNode(path.join(folder, 'node_modules', packageName));
  await selectBackend('tensorflow', usesGpu ? 'cuda' : 'native');
  await probe(usesGpu ? 'cuda' : 'native');
  return { ok: true, device: usesGpu ? 'GPU' : 'CPU', versions };
}

async function answer(): Promise<ChildAnswer> {
  const task = JSON.parse(process.argv[2] ?? '') as ChildTask;
  try {
    return await (task.task === 'try-engine' ? tryEngine(task.engine, task.directory) : tryInstallation(task.folder, task.packageName));
  } catch (error) {
    if (error instanceof GanzooError) return { ok: false, reason: error.message, remedy: error.remedy };
    return { ok: false, reason: String(error), remedy: 'This is an error of ganzoo: please report it.' };
  }
}

process.send?.(await answer(), () => process.exit()); // exit: worker threads of an engine must not keep it alive
