import { MetricError, type FeatureExtractor } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { fetchWeights, weightsUrl } from '../weights-file.js';
import { LENET_FEATURES, lenetFeatures, lenetLogits } from './lenet.js';
import { pinnedWeights } from './pinned.js';
import { perChannel } from './per-channel.js';
import { isPreparable, prepareImages } from './prepare.js';
import { RANDOM_CONV_FEATURES, RANDOM_CONV_SHA256, randomConvFeatures, randomConvWeights } from './random-conv.js';
import { channelsOf, checkExtractorName, type ExtractorName, type TrainedName } from './registry.js';
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
  if (known === 'random-conv64') return randomConv(known);
  if (known === 'mnist-lenet64x3') return perChannel(await lenet('mnist-lenet64', fetchBytes));
  return lenet(known, fetchBytes);
}

async function lenet(name: TrainedName, fetchBytes: (url: URL) => Promise<Uint8Array>): Promise<FeatureExtractor> {
  const bytes = await verifiedWeights(name, fetchBytes);
  const channels = channelsOf(name);
  const { weights, metadata } = decodeLenet(bytes, channels, name);
  const features = (images: tf.Tensor4D): tf.Tensor2D => tf.tidy(() => lenetFeatures(weights, prepareImages(images, channels, name)));
  return {
    name,
    dimensions: LENET_FEATURES,
    accepts: isPreparable,
    weightsSha256: pinnedWeights[name],
    testAccuracy: Number(metadata.testAccuracy),
    features,
    classify: (images) => tf.tidy(() => lenetLogits(weights, features(images))),
    dispose: () => tf.dispose(Object.values(weights)),
  };
}

function randomConv(name: ExtractorName): FeatureExtractor {
  const weights = randomConvWeights();
  return {
    name,
    dimensions: RANDOM_CONV_FEATURES,
    accepts: isPreparable,
    weightsSha256: RANDOM_CONV_SHA256,
    testAccuracy: null,
    features: (images) => tf.tidy(() => randomConvFeatures(weights, prepareImages(images, 3, name))),
    dispose: () => tf.dispose(Object.values(weights)),
  };
}

async function verifiedWeights(name: TrainedName, fetchBytes: (url: URL) => Promise<Uint8Array>): Promise<Uint8Array> {
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
