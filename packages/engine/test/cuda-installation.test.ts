import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import { inChildProcess } from '../src/child-process.js';
import { installedEngine } from '../src/install/installation.js';
import { ADDON } from '../src/install/packages.js';
import { type Recipe, recipeFor } from '../src/install/recipe.js';

/** Libraries that TensorFlow never opens itself: cuDNN and cuSPARSE do. */
const ONLY_BY_OTHERS = /nvrtc|nvJitLink/;

/** Folder of tfjs-node-gpu in the private installation, or a test that is skipped and says why. */
function skipWithoutCuda(context: TestContext): { folder: string; root: string; recipe: Recipe } {
  const installation = installedEngine('cuda');
  if (installation === undefined) context.skip("skipped: no CUDA engine is installed ('ganzoo engine install --device cuda --without-gpu' installs 4 GB)");
  const root = (installation as NonNullable<typeof installation>).path;
  return { root, folder: path.join(root, 'node_modules/@tensorflow/tfjs-node-gpu'), recipe: recipeFor('cuda') as Recipe };
}

/** Where the dynamic linker looks for what a library opens: its RUNPATH, with $ORIGIN as its own folder. */
function runpath(library: string): string[] {
  const dynamic = execFileSync('readelf', ['-d', library], { encoding: 'utf8', maxBuffer: 1 << 26 });
  const folders = /\(RUNPATH\)\s+Library runpath: \[(.*)\]/.exec(dynamic)?.[1] ?? '';
  return [...new Set(folders.split(':'))].map((folder) => path.resolve(folder.replaceAll('$ORIGIN', path.dirname(library))));
}

describe('the installation for CUDA', () => {
  it('has NVIDIA’s libraries where TensorFlow looks for them, without an LD_LIBRARY_PATH', (context) => {
    const { folder, recipe } = skipWithoutCuda(context);
    const looked = recipe.libraries.flatMap((library) => runpath(path.join(folder, 'deps/lib', library)));
    // Those that TensorFlow opens by name: before it lists any GPU, or when it computes.
    const names = recipe.gpuLibraries.filter((library) => !ONLY_BY_OTHERS.test(library)).map((library) => path.basename(library));
    expect(names.filter((name) => !looked.some((place) => existsSync(path.join(place, name))))).toEqual([]);
  });

  it('every one of those libraries finds those that it needs itself', (context) => {
    const { folder, recipe } = skipWithoutCuda(context);
    const env = { PATH: process.env.PATH };
    const missing = recipe.gpuLibraries.flatMap((library) => {
      const needed = execFileSync('ldd', [path.join(folder, 'deps/nvidia', library)], { encoding: 'utf8', env });
      return needed.split('\n').filter((line) => line.includes('not found'));
    });
    expect(missing).toEqual([]);
  });

  it('its addon needs nothing of CUDA to load, and names TensorFlow by a path relative to itself', (context) => {
    const { folder } = skipWithoutCuda(context);
    const needed = execFileSync('ldd', [path.join(folder, ADDON)], { encoding: 'utf8' });
    expect(needed).toMatch(/libtensorflow_cc\.so\.2 => \S*deps\/lib\/libtensorflow_cc\.so\.2/);
    expect(needed).not.toMatch(/not found|libcuda\.so/);
  });

  it('loads and computes on the processor where no GPU is visible', async (context) => {
    const { root } = skipWithoutCuda(context);
    const visible = process.env.CUDA_VISIBLE_DEVICES;
    process.env.CUDA_VISIBLE_DEVICES = '-1';
    try {
      expect(await inChildProcess({ task: 'try-installation', folder: root, packageName: '@tensorflow/tfjs-node-gpu' })).toMatchObject({ ok: true, device: 'CPU', versions: { tensorflow: '2.21.0' } });
    } finally {
      if (visible === undefined) delete process.env.CUDA_VISIBLE_DEVICES;
      else process.env.CUDA_VISIBLE_DEVICES = visible;
    }
  });
});
