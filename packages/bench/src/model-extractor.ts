import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { DataError, type FeatureExtractor, UsageError } from '@ganzoo/core';
import { type FeatureModel, inceptionExtractor, inceptionV3Extractor } from '@ganzoo/metrics';
import * as tf from '@tensorflow/tfjs';
import { readStateDictionary } from './torch-file.js';

/** `inception:<path>` is an extractor's name. */
const INCEPTION = 'inception:';

/** SHA-256 of the weights whose scores may be called `fid-inception`, as other tools compute it. */
const KNOWN: ReadonlySet<string> = new Set([
  // The authors' weights in PyTorch's port, pt_inception-2015-12-05-6726825d.pth (https://github.com/mseitzer/pytorch-fid, release fid_weights).
  '6726825d0af5f729cebd5821db510b11b1cfad8faad88a03f1befd49fb9129b2',
]);

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
 * Features by Inception's weights as PyTorch saved them (`.pth`), or by a TensorFlow.js graph or layers model on disk (`model.json`). Weights
 * that are not known are taken when the caller allows it, under a name that says so: their scores compare with each other, not with
 * published ones.
 * @param name `inception:<path>`
 * @throws {DataError} when the model or its weights cannot be read
 * @throws {UsageError} when its weights are not known, and that is not allowed
 */
export async function loadModelExtractor(name: string, allowUnknown: boolean): Promise<FeatureExtractor> {
  const file = path.resolve(name.slice(INCEPTION.length));
  if (!file.endsWith('.json')) {
    const bytes = await read(file);
    const identity = identityOf([bytes], file, allowUnknown);
    return inceptionV3Extractor(readStateDictionary(bytes, file), identity);
  }
  const json = parsed(await read(file), file);
  const weights = await Promise.all((json.weightsManifest ?? []).flatMap(({ paths }) => paths).map((one) => read(path.join(path.dirname(file), one))));
  const identity = identityOf(weights, file, allowUnknown);
  return inceptionExtractor(await load(json, weights, file), identity);
}

/** @throws {UsageError} when the weights are not known, and that is not allowed */
function identityOf(weights: readonly Uint8Array[], file: string, allowUnknown: boolean): Pick<FeatureExtractor, 'name' | 'weightsSha256'> {
  const hash = createHash('sha256');
  for (const bytes of weights) hash.update(bytes);
  const weightsSha256 = hash.digest('hex');
  if (KNOWN.has(weightsSha256)) return { name: 'inception', weightsSha256 };
  if (!allowUnknown) {
    throw new UsageError(`The weights of ${file} have SHA-256 ${weightsSha256}, which is none of the known ones: its scores may not compare with any others.`, {
      remedy: 'Use pt_inception-2015-12-05-6726825d.pth, or take it all the same with --allow-unknown-extractor.',
    });
  }
  return { name: `inception-${weightsSha256.slice(0, 8)}`, weightsSha256 };
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
    throw new DataError(`${file} cannot be read: ${(cause as Error).message}.`, { remedy: "Give a file of weights of PyTorch's, or the model.json of a TensorFlow.js model with its weights beside it.", cause });
  });
}
