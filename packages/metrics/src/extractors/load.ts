import { MetricError, type FeatureExtractor } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { fetchWeights, weightsUrl } from '../weights-file.js';
import { LENET_FEATURES, lenetFeatures, lenetLogits } from './lenet.js';
import { pinnedWeights } from './pinned.js';
import { isPreparable, prepareImages } from './prepare.js';
import { checkExtractorName, type ExtractorName } from './registry.js';
import { decodeLenet } from './weights.js';

export interface LoadExtractorOptions {
  /**
   * Gives the bytes of a file of weights. A browser application that serves them itself passes its own.
   * @default reads the package's own `weights` folder, from disk or by `fetch`
   */
  readonly fetchBytes?: (url: URL) => Promise<Uint8Array>;
}

/**
 * Loads an extractor onto the current TF.js back end. Its weights are taken only if their SHA-256 is the pinned one.
 * @throws {UsageError} when there is no extractor of this name; the nearest names are suggested.
 * @throws {MetricError} when its weights cannot be read or are not the pinned ones.
 */
export async function loadExtractor(name: string, { fetchBytes = fetchWeights }: LoadExtractorOptions = {}): Promise<FeatureExtractor> {
  const known = checkExtractorName(name);
  const bytes = await verifiedWeights(known, fetchBytes);
  const { weights, metadata } = decodeLenet(bytes, known);
  const features = (images: tf.Tensor4D): tf.Tensor2D => tf.tidy(() => lenetFeatures(weights, prepareImages(images, known)));
  return {
    name: known,
    dimensions: LENET_FEATURES,
    accepts: isPreparable,
    weightsSha256: pinnedWeights[known],
    testAccuracy: Number(metadata.testAccuracy),
    features,
    classify: (images) => tf.tidy(() => lenetLogits(weights, features(images))),
    dispose: () => tf.dispose(Object.values(weights)),
  };
}

async function verifiedWeights(name: ExtractorName, fetchBytes: (url: URL) => Promise<Uint8Array>): Promise<Uint8Array> {
  const url = weightsUrl(`${name}.safetensors`);
  let bytes: Uint8Array;
  try {
    bytes = await fetchBytes(url);
  } catch (cause) {
    throw new MetricError(`The weights of '${name}' cannot be read from ${url.href}: ${(cause as Error).message}.`, {
      remedy: 'Install @ganzoo/metrics again, or pass fetchBytes where the weights are served from elsewhere.',
      cause,
    });
  }
  const found = await sha256Hex(bytes);
  if (found !== pinnedWeights[name]) {
    throw new MetricError(`The weights of '${name}' have SHA-256 ${found}, not the pinned ${pinnedWeights[name]}.`, {
      remedy: 'Install @ganzoo/metrics again: scores of other weights cannot be compared.',
    });
  }
  return bytes;
}

/** By Web Crypto, which Node and browsers both have. */
async function sha256Hex(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
