import { describe, expect, it } from 'vitest';
import { loadDataset } from '../src/index.js';
import { realData } from './helpers/real-data.js';

const FILES = ['train-images-idx3-ubyte.gz', 'train-labels-idx1-ubyte.gz', 't10k-images-idx3-ubyte.gz', 't10k-labels-idx1-ubyte.gz'].map((file) => `mnist/${file}`);

describe('stacked MNIST', () => {
  it('has three digits as channels, and their number as label', async (context) => {
    const dataDir = realData(context, ...FILES);
    const [stacked, mnist] = [await loadDataset('stacked-mnist', { dataDir }), await loadDataset('mnist', { dataDir })];
    expect(stacked.spec).toMatchObject({ shape: [28, 28, 3], classes: 1000 });
    const digits = await mnist.source('test').read(Array.from({ length: 10_000 }, (_, i) => i));
    const labelOf = new Map(Array.from({ length: 10_000 }, (_, i) => [digits.values.subarray(i * 784, (i + 1) * 784).join(), digits.labels?.[i]]));
    const { values, labels } = await stacked.source('test').read([0, 7, 25_999]);
    for (let i = 0; i < 3; i++) {
      const channels = [0, 1, 2].map((c) => labelOf.get(Float32Array.from({ length: 784 }, (_, p) => values[(i * 784 + p) * 3 + c] as number).join()));
      expect(channels).not.toContain(undefined); // each is a test digit, pixel by pixel
      expect(labels?.[i]).toBe(Number(channels.join('')));
    }
  });

  it('has nearly all modes, equally likely, and the KL divergence that so many samples of the uniform distribution have', async (context) => {
    const test = (await loadDataset('stacked-mnist', { dataDir: realData(context, ...FILES) })).source('test');
    const counts = new Array<number>(1000).fill(0);
    for (let start = 0; start < test.length; start += 2000) {
      const { labels } = await test.read(Array.from({ length: 2000 }, (_, i) => start + i));
      labels?.forEach((label) => (counts[label] = (counts[label] as number) + 1));
    }
    expect(counts.filter((count) => count > 0).length).toBeGreaterThanOrEqual(998);
    const kl = counts.reduce((sum, count) => sum + (count === 0 ? 0 : (count / 26_000) * Math.log((count / 26_000) * 1000)), 0);
    expect(kl).toBeGreaterThan(0.0192 - 0.003); // the floor of PacGAN's protocol, (modes - 1) / (2 samples)
    expect(kl).toBeLessThan(0.0192 + 0.03); // MNIST's digits are not quite equally many
  });
});
