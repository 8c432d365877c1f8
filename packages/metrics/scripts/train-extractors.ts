/**
 * Trains the extractors and writes `weights/<name>.safetensors` and `src/extractors/pinned.ts`.
 *
 *   npm run train-extractors -- [--only mnist] [--data-dir folder] [--seed 0] [--epochs 15] [--cifar-records file]
 *
 * `cifar4k-lenet64` is trained on the first 4,000 records of CIFAR-10's `data_batch_1.bin` and their mirror images:
 * `--cifar-records` names a file with these alone.
 */
import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import type { Dataset, Source } from '@ganzoo/core';
import { sha256, writeFileAtomic } from '@ganzoo/core/node';
import { loadDataset } from '@ganzoo/datasets';
import { loadEngine } from '@ganzoo/engine';
import * as tf from '@tensorflow/tfjs';
import { lenetFeatures, lenetLogits, type LenetWeights } from '../src/extractors/lenet.js';
import { pinnedWeights } from '../src/extractors/pinned.js';
import { prepareImages } from '../src/extractors/prepare.js';
import { channelsOf, extractors, type TrainedName } from '../src/extractors/registry.js';
import { decodeLenet, encodeLenet } from '../src/extractors/weights.js';
import { weightsUrl } from '../src/weights-file.js';
import { accuracy } from './accuracy.js';
import { trainLenet, weightValues } from './train-lenet.js';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    'data-dir': { type: 'string' },
    seed: { type: 'string', default: '0' },
    epochs: { type: 'string', default: '15' },
    'cifar-records': { type: 'string' },
  },
});
const seed = Number(options.seed);
const epochs = Number(options.epochs);

const engine = await loadEngine('native');
console.log(`${engine.name} on ${engine.device}`);
const wanted = (Object.keys(pinnedWeights) as TrainedName[]).filter((name) => options.only === undefined || name.startsWith(options.only));
if (wanted.length === 0) throw new Error(`--only ${options.only} names none of ${Object.keys(pinnedWeights).join(', ')}.`);
const pins = { ...pinnedWeights };
for (const name of wanted) {
  pins[name] = await trainExtractor(name);
  await writePins(pins);
}

/** @returns the SHA-256 of the file that was written. */
async function trainExtractor(name: TrainedName): Promise<string> {
  const dataset = await loadDataset(dataOf(name), options['data-dir'] === undefined ? {} : { dataDir: options['data-dir'] });
  const train = dataset.source('train');
  const channels = channelsOf(name);
  const started = performance.now();
  const trained = await trainLenet(train, {
    seed,
    epochs,
    onEpoch: (epoch, loss) => console.log(`${name} epoch ${epoch}/${epochs}: loss ${loss.toFixed(4)}, ${seconds(started)} s`),
  });
  const values = await weightValues(trained);
  tf.dispose(Object.values<tf.Variable>(trained));
  const metadata = {
    extractor: name,
    command: `npm run train-extractors -- --only ${name} --seed ${seed} --epochs ${epochs}${name === 'cifar4k-lenet64' ? ' --cifar-records <file>' : ''}`,
    dataset: extractors[name].trainedOn,
    dataSha256: await sourceSha256(train),
    seed: String(seed),
    epochs: String(epochs),
    ...(await accuracies(name, encodeLenet(values, channels), dataset)),
  };
  console.log(metadata);
  const bytes = encodeLenet(values, channels, metadata);
  await writeFileAtomic(fileURLToPath(weightsUrl(`${name}.safetensors`)), bytes);
  return sha256(bytes);
}

function dataOf(name: TrainedName): string {
  if (name !== 'cifar4k-lenet64') return extractors[name].trainedOn;
  const file = options['cifar-records'];
  if (file === undefined) throw new Error(`${name} needs --cifar-records.`);
  return `cifar10:${file}@mirror`;
}

/** Measured with the weights as they are stored, rounded to float16. */
async function accuracies(name: TrainedName, stored: Uint8Array, dataset: Dataset): Promise<{ validationAccuracy: string; testAccuracy: string }> {
  const { weights } = decodeLenet(stored, channelsOf(name), name);
  const classify = (images: tf.Tensor4D): tf.Tensor2D => classifyWith(weights, images, name);
  const [validation, test] = [
    await accuracy(classify, dataset.source('validation')),
    await accuracy(classify, dataset.source('test')),
  ];
  tf.dispose(Object.values<tf.Tensor>(weights));
  return { validationAccuracy: String(validation), testAccuracy: String(test) };
}

function classifyWith(weights: LenetWeights, images: tf.Tensor4D, name: TrainedName): tf.Tensor2D {
  return lenetLogits(weights, lenetFeatures(weights, prepareImages(images, channelsOf(name), name)));
}

/** Of the images as bytes (0 for -1, 255 for 1), then the labels. */
async function sourceSha256(source: Source): Promise<string> {
  const hash = createHash('sha256');
  const labels: Int32Array[] = [];
  const part = 1000;
  for (let start = 0; start < source.length; start += part) {
    const size = Math.min(part, source.length - start);
    const samples = await source.read(Array.from({ length: size }, (_, i) => start + i));
    hash.update(Uint8Array.from(samples.values, (value) => Math.round((value + 1) * 127.5)));
    if (samples.labels) labels.push(samples.labels);
  }
  for (const part of labels) hash.update(Uint8Array.from(part));
  return hash.digest('hex');
}

async function writePins(pins: Readonly<Record<TrainedName, string>>): Promise<void> {
  const lines = Object.entries(pins).map(([name, hash]) => `  '${name}': '${hash}',\n`);
  const source = `import type { TrainedName } from './registry.js';

/** SHA-256 of the files in \`weights\`. Written by scripts/train-extractors.ts. */
export const pinnedWeights: Readonly<Record<TrainedName, string>> = {
${lines.join('')}};
`;
  await writeFileAtomic(fileURLToPath(new URL('../src/extractors/pinned.ts', import.meta.url)), source);
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(0);
}
