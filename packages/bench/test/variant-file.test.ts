import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '@ganzoo/core';
import { describe, expect, it } from 'vitest';
import { findVariants } from '../src/discover.js';
import { importVariantFile, VariantError } from '../src/variant-file.js';
import { ganzoo, temporaryFolder } from './cli.js';

/** Writes files below a new folder outside of the repository. @returns the folder. */
async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  return folder;
}

const MY_GAN = `
import { defineVariant, field, infer, minimaxDiscriminatorLoss, type Model, nonSaturatingGeneratorLoss, Random, train } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import latentDim from 'my-settings';
import { z } from 'zod';
import { dense } from './dense.js'; // a TypeScript file, as in a compiled project

export const myGan = defineVariant({
  name: 'my-gan',
  paper: { title: 'Mine', authors: 'Me', year: 2026, url: 'https://example.org/' },
  task: 'generation',
  requires: { kind: ['images'] },
  config: z.object({
    learningRate: field(z.number().positive().default(1e-3), { from: 'ours', help: 'Step size' }),
    batchSize: field(z.int().min(2).default(4), { from: 'ours', help: 'Images per move' }),
  }),
  build({ learningRate, batchSize }, data, random): Model<'generator' | 'discriminator'> {
    if (!(random instanceof Random)) throw new Error('There are two copies of @ganzoo/core.');
    const optimizer = { kind: 'sgd', learningRate } as const;
    const networks = {
      generator: tf.sequential({ layers: [dense('fc', 784, [latentDim], 'tanh'), tf.layers.reshape({ targetShape: [28, 28, 1] })] }),
      discriminator: tf.sequential({ layers: [tf.layers.flatten({ inputShape: [28, 28, 1] }), dense('logit', 1, [784])] }),
    };
    const latents = (n: number, random: Random): tf.Tensor => random.normal([n, latentDim]);
    return {
      networks,
      averaged: ['generator'],
      batchSize,
      players: [
        { name: 'discriminator', trains: ['discriminator'], needs: ['real'], optimizer, loss: ({ networks, batch, random }) =>
          ({ total: minimaxDiscriminatorLoss(train(networks.discriminator, batch.real), train(networks.discriminator, train(networks.generator, latents(batch.size, random)))) }) },
        { name: 'generator', trains: ['generator'], needs: [], optimizer, loss: ({ networks, batch, random }) =>
          ({ total: nonSaturatingGeneratorLoss(train(networks.discriminator, train(networks.generator, latents(batch.size, random)))) }) },
      ],
      sampleLatents: (n, random) => ({ z: latents(n, random) }),
      generate: (networks, latents) => infer(networks.generator, latents.z as tf.Tensor),
    };
  },
});
export default myGan;
`;

const OTHERS = {
  'dense.ts': `
import * as tf from '@tensorflow/tfjs';
enum Start { Kernel = 'glorotUniform' } // what stripping types alone does not understand
export function dense(name: string, units: number, inputShape: number[], activation?: 'tanh'): tf.layers.Layer {
  return tf.layers.dense({ name, units, inputShape, kernelInitializer: Start.Kernel, ...(activation && { activation }) });
}`,
  // Found only from the file's folder.
  'node_modules/my-settings/package.json': '{ "name": "my-settings", "type": "module", "exports": { "import": "./index.js" } }',
  'node_modules/my-settings/index.js': 'export default 4;',
  // Not taken: a second core in one process would know nothing of the first.
  'node_modules/@ganzoo/core/package.json': '{ "name": "@ganzoo/core", "type": "module", "exports": "./index.js" }',
  'node_modules/@ganzoo/core/index.js': 'throw new Error("the wrong core");',
};

describe('a variant in a TypeScript file', () => {
  it('is trained, scored and sampled from like an installed one, wherever the file lies', async () => {
    const folder = await folderWith({ 'my-gan.ts': MY_GAN, ...OTHERS });
    const out = path.join(folder, 'run');
    const bench = await ganzoo('bench', '--variants', path.join(folder, 'my-gan.ts'), '--datasets', 'glyphs', '--seeds', '0', '--steps', '2', '--samples', '10', '--engine', 'js', '--out', out, '--quiet');
    expect(bench).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/my-gan +\d/) as string });
    const sample = await ganzoo('sample', out, '--n', '4', '--engine', 'js', '--out', path.join(folder, 'grid.png'));
    expect(sample).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('4 samples of my-gan after step') as string });
  });

  it('is another variant once it, or a file that it imports, has changed', async () => {
    const versionOf = async (own: string, other: string): Promise<string> => {
      const folder = await folderWith({ 'own.ts': `export { value } from './other';${own}`, 'other.ts': `export const value = 1;${other}` });
      return (await importVariantFile(path.join(folder, 'own.ts'))).version;
    };
    const first = await versionOf('', '');
    expect(await versionOf('', '')).toBe(first);
    expect(await versionOf('// edited', '')).not.toBe(first);
    expect(await versionOf('', '// edited')).not.toBe(first);
  });
});

describe('a file that is no variant', () => {
  it.each([
    ['breaks off', "const a = 1;\n\nexport const b = {\n", 'line 4: Expected identifier but found end of file.', /Mend/],
    ['has a syntax error', "const a: number = 1;\nconst b == 2;\n", 'line 2: Expected ";" but found "=="', /Mend this line/],
    ['imports a file that is not there', "\nimport './other.js';\n", 'line 2: Could not resolve "./other.js".', /Mend the path/],
    ['imports a package that is not there', "import 'ganzoo-of-nobody';\n", 'line 1: Could not resolve "ganzoo-of-nobody".', /install the package/],
    ['throws', "interface A { a: 1 }\n\nthrow new Error('out of luck');\n", 'line 3: out of luck.', /only define it/],
    ['exports something else', 'export const a = 1;\n', "' exports no variant.", /defineVariant/],
  ])('%s: the message names the file and the line', async (_, content, problem, remedy) => {
    const file = path.join(await folderWith({ 'my-gan.ts': content }), 'my-gan.ts');
    const error = await findVariants([file]).catch((reason: unknown) => reason as VariantError);
    expect(error).toBeInstanceOf(VariantError);
    const { message, remedy: told } = error as VariantError;
    expect(message).toContain(`'${file}'`);
    expect(message).toContain(problem);
    expect(told).toMatch(remedy);
  });

  it('is a wrong call when it is not there, or a folder', async () => {
    const folder = await temporaryFolder();
    for (const wrong of [path.join(folder, 'none.ts'), folder]) await expect(findVariants([wrong])).rejects.toBeInstanceOf(UsageError);
  });
});
