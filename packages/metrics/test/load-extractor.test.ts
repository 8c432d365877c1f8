import { readFile } from 'node:fs/promises';
import { decodeSafetensors, MetricError, UsageError } from '@ganzoo/core';
import { sha256 } from '@ganzoo/core/node';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { extractors, loadExtractor } from '../src/index.js';
import { pinnedWeights } from '../src/extractors/pinned.js';
import { RANDOM_CONV_SHA256, randomConvValues } from '../src/extractors/random-conv.js';
import type { TrainedName } from '../src/extractors/registry.js';
import { weightsUrl } from '../src/weights-file.js';

const names = Object.keys(pinnedWeights) as TrainedName[];
/** What each classifier must at least get right: more than its kind is known to reach with less training. */
const accuracies: Readonly<Record<TrainedName, number>> = { 'glyphs-lenet64': 0.99, 'mnist-lenet64': 0.99, 'fashion-lenet64': 0.905, 'cifar4k-lenet64': 0.5 };

describe.each(names)('the file of weights of %s', (name) => {
  it('is the pinned one, is small, and says how to make it again', async () => {
    const bytes = await readFile(weightsUrl(`${name}.safetensors`));
    expect(sha256(bytes)).toBe(pinnedWeights[name]);
    expect(bytes.byteLength).toBeLessThan(200_000);
    const { metadata } = decodeSafetensors(bytes);
    expect(metadata).toMatchObject({ extractor: name, dataset: extractors[name].trainedOn });
    expect(metadata.command).toMatch(/^npm run train-extractors -- --only /);
    expect(metadata.dataSha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('loads, names its accuracy, and leaves no tensor behind', async () => {
    const extractor = await loadExtractor(name);
    expect(extractor).toMatchObject({ name, dimensions: 64, weightsSha256: pinnedWeights[name] });
    expect(extractor.testAccuracy).toBeGreaterThan(accuracies[name]);
    extractor.dispose();
    expect(tf.memory().numTensors).toBe(0);
  });
});

describe('random-conv64', () => {
  it('has the same weights, to the bit, on every machine', () => {
    expect(sha256(Buffer.concat(Object.values(randomConvValues()).map((values) => new Uint8Array(values.buffer))))).toBe(RANDOM_CONV_SHA256);
  });
});

describe('loading an extractor', () => {
  it('suggests the nearest names for an unknown one', async () => {
    const loading = loadExtractor('mnist-lenet');
    await expect(loading).rejects.toThrow(UsageError);
    await expect(loading).rejects.toMatchObject({
      message: "There is no extractor 'mnist-lenet'.",
      remedy: expect.stringMatching(/^Did you mean 'mnist-lenet64'/),
    });
  });

  it('takes bytes from elsewhere', async () => {
    const asked: string[] = [];
    const extractor = await loadExtractor('mnist-lenet64', {
      fetchBytes: async (url) => {
        asked.push(url.pathname.split('/').at(-1) as string);
        return new Uint8Array(await readFile(url));
      },
    });
    expect(asked).toEqual(['mnist-lenet64.safetensors']);
    extractor.dispose();
  });

  it('refuses weights with a flipped bit', async () => {
    const fetchBytes = async (url: URL): Promise<Uint8Array> => {
      const bytes = new Uint8Array(await readFile(url));
      bytes[50_000] = (bytes[50_000] as number) ^ 1;
      return bytes;
    };
    const loading = loadExtractor('mnist-lenet64', { fetchBytes });
    await expect(loading).rejects.toThrow(MetricError);
    await expect(loading).rejects.toThrow(/weights of 'mnist-lenet64' have SHA-256 [0-9a-f]{64}, not the pinned/);
  });

  it('names the address that cannot be read', async () => {
    const loading = loadExtractor('mnist-lenet64', { fetchBytes: () => Promise.reject(new Error('404 Not Found')) });
    await expect(loading).rejects.toThrow(MetricError);
    await expect(loading).rejects.toThrow(/cannot be read from file:.*mnist-lenet64\.safetensors: 404 Not Found/);
  });
});
