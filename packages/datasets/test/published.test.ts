import { DataError } from '@ganzoo/core';
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'vitest';
import { describe, expect, it } from 'vitest';
import { loadSplit } from '../src/idx/load.js';
import { fashionMnistArchive, kmnistArchive, mnistArchive } from '../src/idx/published.js';
import { loadDataset } from '../src/index.js';
import type { ImageBytes } from '../src/image-dataset.js';
import { realData } from './helpers/real-data.js';
import { temporaryFolder } from './helpers/temporary.js';

const IDX = ['train-images-idx3-ubyte.gz', 'train-labels-idx1-ubyte.gz', 't10k-images-idx3-ubyte.gz', 't10k-labels-idx1-ubyte.gz'];
const mnistData = (context: TestContext): string => realData(context, ...IDX.map((file) => `mnist/${file}`));
const fashionData = (context: TestContext): string => realData(context, ...IDX.map((file) => `fashion/${file}`));
const kmnistData = (context: TestContext): string => realData(context, 'kmnist/kmnist-test-imgs.npz', 'kmnist/kmnist-test-labels.npz');

const firstLabels = (images: ImageBytes): number[] => Array.from({ length: 10 }, (_, i) => images.label(i));

/** Mean and standard deviation over all pixels, on a scale of 0 .. 1. */
function moments(images: ImageBytes): [mean: number, sd: number] {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < images.length; i++) {
    for (const byte of images.image(i)) {
      sum += byte;
      squares += byte * byte;
    }
  }
  const count = images.length * 784 * 255;
  return [sum / count, Math.sqrt(squares / (count * 255) - (sum / count) ** 2)];
}

describe('MNIST', () => {
  it("has the labels and the pixels' mean and deviation that the literature knows", async (context) => {
    const dataDir = mnistData(context);
    const train = await loadSplit(mnistArchive, 'train', { dataDir });
    const test = await loadSplit(mnistArchive, 'test', { dataDir });
    expect(firstLabels(train)).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    expect(firstLabels(test)).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    const [mean, sd] = moments(train);
    expect(mean).toBeCloseTo(0.1307, 4);
    expect(sd).toBeCloseTo(0.3081, 4);
  });

  it('gives its test split in the official order, as floats with labels', async (context) => {
    const data = await loadDataset('mnist', { dataDir: mnistData(context), splits: ['test'] });
    const source = data.source('test');
    expect(data.spec).toMatchObject({ name: 'mnist', kind: 'images', shape: [28, 28, 1], classes: 10 });
    expect([source.length, data.source('train').length, data.source('validation').length]).toEqual([10_000, 50_000, 10_000]);
    const { values, labels } = await source.read([0, 1, 2, 0]);
    expect([...(labels as Int32Array)]).toEqual([7, 2, 1, 7]);
    expect(values).toHaveLength(4 * 784);
    expect(values.subarray(3 * 784)).toEqual(values.subarray(0, 784));
    expect([Math.min(...values), Math.max(...values)]).toEqual([-1, 1]);
  });

  it('gives 32 and 64 pixels and three channels when asked', async (context) => {
    const dataDir = mnistData(context);
    const native = await (await loadDataset('mnist', { dataDir })).source('test').read([5]);
    const large = await loadDataset('mnist', { dataDir, size: 32, channels: 3 });
    expect(large.spec.shape).toEqual([32, 32, 3]);
    const { values } = await large.source('test').read([5]);
    for (const [y, x] of [[7, 14], [14, 14], [20, 9]] as const) {
      const at = ((y + 2) * 32 + x + 2) * 3;
      expect([...values.subarray(at, at + 3)]).toEqual(new Array(3).fill(native.values[y * 28 + x]));
    }
    expect((await (await loadDataset('mnist', { dataDir, size: 64 })).source('test').read([5])).values).toHaveLength(64 * 64);
  });

  it('given for Fashion-MNIST, whose files have the same names, is refused', async (context) => {
    const dataDir = path.join(mnistData(context), 'mnist');
    const data = await loadDataset('fashion-mnist', { dataDir });
    await expect(data.source('test').read([0])).rejects.toThrow('t10k-images-idx3-ubyte.gz is not the published file: its sha256 is 8d422c7b');
  });
});

describe('Fashion-MNIST', () => {
  it("has the pixels' mean and deviation that the literature knows", async (context) => {
    const train = await loadSplit(fashionMnistArchive, 'train', { dataDir: fashionData(context) });
    expect(firstLabels(train)).toEqual([9, 0, 0, 3, 0, 2, 7, 2, 5, 5]);
    const [mean, sd] = moments(train);
    expect(mean).toBeCloseTo(0.286, 4);
    expect(sd).toBeCloseTo(0.353, 4);
  });
});

describe('KMNIST', () => {
  it('reads its test split, a thousand of each character, from NumPy arrays', async (context) => {
    const test = await loadSplit(kmnistArchive, 'test', { dataDir: kmnistData(context) });
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < test.length; i++) counts[test.label(i)] = (counts[test.label(i)] as number) + 1;
    expect(counts).toEqual(new Array(10).fill(1000));
  });

  it('gives its test split without the training files, and says what is missing for the others', async (context) => {
    const folder = kmnistData(context);
    const dataDir = temporaryFolder();
    mkdirSync(path.join(dataDir, 'kmnist'));
    for (const file of ['kmnist-test-imgs.npz', 'kmnist-test-labels.npz']) {
      copyFileSync(path.join(folder, 'kmnist', file), path.join(dataDir, 'kmnist', file));
    }
    const data = await loadDataset('kmnist', { dataDir });
    expect((await data.source('test').read([0, 1])).labels).toHaveLength(2);
    const reading = data.source('train').read([0]);
    await expect(reading).rejects.toThrow(DataError);
    await expect(reading).rejects.toThrow(
      "'kmnist' lacks train-images-idx3-ubyte.gz or kmnist-train-imgs.npz, and train-labels-idx1-ubyte.gz or kmnist-train-labels.npz",
    );
    await expect(loadDataset('kmnist', { dataDir, splits: ['test', 'validation'] })).rejects.toThrow("'kmnist' lacks train-images-idx3-ubyte.gz");
  });
});
