// @ts-check
import { fileURLToPath } from 'node:url';
import { generateFiles, installPackagesTask, readJson, updateJson } from '@nx/devkit';

/**
 * @typedef {{ name: string, title?: string, authors?: string, year?: number, url?: string }} VariantOptions
 */

const TEMPLATES = fileURLToPath(new URL('files', import.meta.url));
/** The variant package that a new one has its versions and scripts from. */
const EXAMPLE = 'packages/dcgan/package.json';
const BENCH = 'packages/bench/package.json';
/** What the generated file imports, and could not export. */
const TAKEN = new Set(['defineVariant', 'field', 'infer', 'smallDiscriminator', 'smallGenerator', 'tf', 'toyDiscriminator', 'toyGenerator', 'train', 'z']);

/**
 * `npx nx g variant my-gan`: a package that lint, the compiler and its conformance test accept as it is.
 *
 * @param {import('@nx/devkit').Tree} tree
 * @param {VariantOptions} options
 * @returns {Promise<() => void>} what is left to do when the files are written: linking the package into the workspace.
 */
export default async function variantGenerator(tree, options) {
  const { name, title = 'Unpublished', authors = 'unknown', year = new Date().getFullYear(), url = 'https://example.org/' } = options;
  const identifier = checkedIdentifier(tree, name);
  const folder = `packages/${name}`;
  // Into TypeScript as string literals, whatever quotes are in them.
  const literals = Object.fromEntries(Object.entries({ title, authors, url }).map(([key, value]) => [key, JSON.stringify(value)]));
  generateFiles(tree, TEMPLATES, folder, { template: '', name, identifier, title, authors, year, url, literals });
  tree.write(`${folder}/package.json`, `${JSON.stringify(packageJson(readJson(tree, EXAMPLE), name, title), null, 2)}\n`);
  updateJson(tree, BENCH, (bench) => ({ ...bench, dependencies: sorted({ ...bench.dependencies, [`@ganzoo/${name}`]: '0.0.0' }) }));
  return () => installPackagesTask(tree, true);
}

/**
 * @param {import('@nx/devkit').Tree} tree
 * @param {string} name
 * @returns {string} the name of the constant that the package exports.
 */
function checkedIdentifier(tree, name) {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw new Error(`'${name}' is no name for a variant. Use lower-case letters, digits and single hyphens, and begin with a letter: wgan-gp.`);
  }
  if (tree.exists(`packages/${name}`)) {
    throw new Error(`There already is a package 'packages/${name}'. Choose another name, or delete it first.`);
  }
  const identifier = name.replaceAll(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());
  if (TAKEN.has(identifier) || !isIdentifier(identifier)) {
    throw new Error(`A variant '${name}' would be exported as '${identifier}', which means something else in its code. Choose a longer name: ${name}-gan.`);
  }
  return identifier;
}

/** @param {string} word */
function isIdentifier(word) {
  try {
    return typeof new Function(`'use strict'; const ${word} = 0;`) === 'function';
  } catch {
    return false;
  }
}

/**
 * @param {Record<string, unknown>} example
 * @param {string} name
 * @param {string} title
 */
function packageJson(example, name, title) {
  return { ...example, name: `@ganzoo/${name}`, version: '0.0.0', description: `${title}: a GAN variant for TensorFlow.js.`, ganzoo: { variants: [name] } };
}

/** @param {Record<string, string>} dependencies */
function sorted(dependencies) {
  return Object.fromEntries(Object.entries(dependencies).sort(([one], [other]) => (one < other ? -1 : 1)));
}
