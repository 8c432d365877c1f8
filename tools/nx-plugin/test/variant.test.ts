import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import variant from '../src/variant.mjs';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** A workspace with the two packages that the generator looks at, as they are here. */
function workspace(): Tree {
  const tree = createTreeWithEmptyWorkspace();
  for (const name of ['dcgan', 'bench']) {
    const file = `packages/${name}/package.json`;
    tree.write(file, readFileSync(path.join(ROOT, file), 'utf8'));
  }
  return tree;
}

function json(tree: Tree, file: string): Record<string, unknown> {
  return JSON.parse(tree.read(file, 'utf8') as string) as Record<string, unknown>;
}

describe('nx g variant', () => {
  it('writes a package like the ones that are there, and lets the bench depend on it', async () => {
    const tree = workspace();
    await variant(tree, { name: 'my-gan' });
    const written = tree.listChanges().map((change) => change.path).filter((file) => file.startsWith('packages/my-gan/'));
    expect(written.sort()).toEqual(
      ['README.md', 'package.json', 'src/index.ts', 'src/my-gan.ts', 'test/conformance.engines.test.ts', 'tsconfig.json', 'tsup.config.ts', 'vitest.config.ts'].map((file) => `packages/my-gan/${file}`),
    );
    expect(json(tree, 'packages/my-gan/package.json')).toEqual({
      ...json(tree, 'packages/dcgan/package.json'),
      name: '@ganzoo/my-gan',
      version: '0.0.0',
      description: 'Unpublished: a GAN variant for TensorFlow.js.',
      ganzoo: { variants: ['my-gan'] },
    });
    for (const file of ['tsconfig.json', 'tsup.config.ts', 'vitest.config.ts']) {
      expect(tree.read(`packages/my-gan/${file}`, 'utf8')).toBe(readFileSync(path.join(ROOT, 'packages/dcgan', file), 'utf8'));
    }
    const { dependencies } = json(tree, 'packages/bench/package.json') as { dependencies: Record<string, string> };
    expect(dependencies['@ganzoo/my-gan']).toBe('0.0.0');
    expect(Object.keys(dependencies)).toEqual(Object.keys(dependencies).sort());
  });

  it("carries the paper's name into code and README, whatever quotes it has", async () => {
    const tree = workspace();
    await variant(tree, { name: 'loss-gan', title: `GANs don't "lose"`, authors: "O'Hara", year: 2031, url: 'https://arxiv.org/abs/3101.00001' });
    const source = tree.read('packages/loss-gan/src/loss-gan.ts', 'utf8');
    expect(source).toContain(String.raw`paper: { title: "GANs don't \"lose\"", authors: "O'Hara", year: 2031, url: "https://arxiv.org/abs/3101.00001" },`);
    expect(source).toContain("export const lossGan = defineVariant({\n  name: 'loss-gan',");
    expect(tree.read('packages/loss-gan/README.md', 'utf8')).toContain("O'Hara 2031, [https://arxiv.org/abs/3101.00001]");
  });

  it.each(['MyGan', 'my_gan', 'my--gan', '-gan', 'gan-', '2gan', '../gan', 'my gan', ''])("refuses '%s', which is no name in kebab case", async (name) => {
    await expect(variant(workspace(), { name })).rejects.toThrow(`'${name}' is no name for a variant. Use lower-case letters`);
  });

  it('refuses the name of a package that is there, and leaves it alone', async () => {
    const tree = workspace();
    const before = tree.read('packages/dcgan/package.json', 'utf8');
    await expect(variant(tree, { name: 'dcgan' })).rejects.toThrow("There already is a package 'packages/dcgan'. Choose another name");
    expect(tree.read('packages/dcgan/package.json', 'utf8')).toBe(before);
  });

  it.each(['class', 'train', 'define-variant'])("refuses '%s', which could not be exported under that name", async (name) => {
    await expect(variant(workspace(), { name })).rejects.toThrow('which means something else in its code. Choose a longer name');
  });

  it('makes a package that passes types, lint and its conformance test untouched', { timeout: 400_000 }, async () => {
    const tree = workspace();
    await variant(tree, { name: 'my-gan' });
    const folder = await written(tree, 'packages/my-gan');
    for (const [command, ...args] of [
      ['tsc', '--noEmit', '-p', '.'],
      ['oxlint', '--deny-warnings', '--config', path.join(ROOT, '.oxlintrc.json'), '.'],
      ['vitest', 'run'],
    ] as const) {
      expect(await run(folder, command, args)).toEqual({ command, code: 0, output: '' });
    }
  });
});

/** A package of the tree on the disk, as deep below the root as packages are, removed when the test ends. */
async function written(tree: Tree, name: string): Promise<string> {
  const folder = mkdtempSync(path.join(ROOT, '.generated-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const { path: file, content } of tree.listChanges().filter((change) => change.path.startsWith(`${name}/`))) {
    const target = path.join(folder, path.relative('packages', file));
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, content as Buffer);
  }
  return path.join(folder, path.basename(name));
}

/** How a command ended, with the end of what it printed when it failed. */
async function run(cwd: string, command: string, args: readonly string[]): Promise<{ command: string; code: number; output: string }> {
  const { NODE_OPTIONS: _, VITEST: __, ...env } = process.env;
  try {
    await promisify(execFile)(path.join(ROOT, 'node_modules/.bin', command), [...args], { cwd, env, maxBuffer: 1e8 });
    return { command, code: 0, output: '' };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { command, code, output: (stdout + stderr).slice(-4000) };
  }
}
