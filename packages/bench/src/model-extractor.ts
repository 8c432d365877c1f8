import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { DataError, type FeatureExtractor, UsageError } from '@ganzoo/core';
import { type FeatureModel, inceptionExtractor } from '@ganzoo/metrics';
import * as tf from '@tensorflow/tfjs';

/** `inception:<path of model.json>` is an extractor's name. */
const INCEPTION = 'inception:';

/**
 * SHA-256 of the weights of models whose scores may be called `fid-inception`, as other tools compute it. Empty until a conversion of
 * the authors' network has been compared with the original.
 */
const KNOWN: ReadonlySet<string> = new Set();

export const isModelExtractor = (name: string): boolean => name.startsWith(INCEPTION);

/** `model.json` as TensorFlow.js writes it, as far as it is read here. */
interface ModelJson {
  readonly format?: string;
  readonly modelTopology?: object;
  readonly weightsManifest?: readonly { readonly paths: readonly string[]; readonly weights: readonly tf.io.WeightsManifestEntry[] }[];
  readonly signature?: object;
  readonly userDefinedMetadata?: object;
}

/**
 * Features by a TensorFlow.js graph or layers model on disk. One whose weights are not known is taken when the caller allows it, under a
 * name that says so: its scores compare with each other, not with published ones.
 * @param name `inception:<path of model.json>`
 * @throws {DataError} when the model or its weights cannot be read
 * @throws {UsageError} when its weights are not known, and that is not allowed
 */
export async function loadModelExtractor(name: string, allowUnknown: boolean): Promise<FeatureExtractor> {
  const file = path.resolve(name.slice(INCEPTION.length));
  const json = parsed(await read(file), file);
  const weights = await Promise.all((json.weightsManifest ?? []).flatMap(({ paths }) => paths).map((one) => read(path.join(path.dirname(file), one))));
  const hash = createHash('sha256');
  for (const bytes of weights) hash.update(bytes);
  const weightsSha256 = hash.digest('hex');
  const known = KNOWN.has(weightsSha256);
  if (!known && !allowUnknown) {
    throw new UsageError(`The weights of ${file} have SHA-256 ${weightsSha256}, which is none of the known ones: its scores may not compare with any others.`, {
      remedy: 'Use a known conversion, or take it all the same with --allow-unknown-extractor.',
    });
  }
  const model = await load(json, weights, file);
  return inceptionExtractor(model, { name: known ? 'inception' : `inception-${weightsSha256.slice(0, 8)}`, weightsSha256 });
}

async function load({ format, modelTopology, weightsManifest = [], signature, userDefinedMetadata }: ModelJson, weights: readonly Uint8Array[], file: string): Promise<FeatureModel> {
  const artifacts: tf.io.ModelArtifacts = {
    format,
    modelTopology,
    weightSpecs: weightsManifest.flatMap((group) => [...group.weights]),
    weightData: new Uint8Array(Buffer.concat(weights)).buffer,
    signature,
    userDefinedMetadata,
  } as tf.io.ModelArtifacts;
  try {
    return format === 'graph-model' ? await tf.loadGraphModel(tf.io.fromMemory(artifacts)) : await tf.loadLayersModel(tf.io.fromMemory(artifacts));
  } catch (cause) {
    throw new DataError(`${file} is no model that TensorFlow.js can load: ${(cause as Error).message}`, { remedy: 'Convert it again, as a graph or layers model.', cause });
  }
}

function parsed(bytes: Uint8Array, file: string): ModelJson {
  try {
    const json = JSON.parse(Buffer.from(bytes).toString('utf8')) as ModelJson;
    if (json?.modelTopology) return json;
  } catch (cause) {
    throw new DataError(`${file} is not JSON.`, { remedy: 'Give the model.json of a TensorFlow.js model.', cause });
  }
  throw new DataError(`${file} has no model in it.`, { remedy: 'Give the model.json of a TensorFlow.js model.' });
}

async function read(file: string): Promise<Uint8Array> {
  return readFile(file).catch((cause: unknown) => {
    throw new DataError(`${file} cannot be read: ${(cause as Error).message}.`, { remedy: 'Give the model.json of a TensorFlow.js model, with its weights beside it.', cause });
  });
}
