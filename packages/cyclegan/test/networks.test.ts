import { ConfigError, Random } from '@ganzoo/core';
import type * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { patchDiscriminator } from '../src/discriminator.js';
import { translator } from '../src/generator.js';

const random = Random.of(0);
const generator = (blocks: number, size = 16, filters = 64): tf.LayersModel => translator('generator', { filters, blocks }, [size, size, 3], [size, size, 3], random);
const discriminator = (size: number, discriminatorLayers: number, filters = 4): tf.LayersModel =>
  patchDiscriminator('discriminator', { filters, discriminatorLayers }, [size, size, 3], random);

const elements = (shape: readonly (number | null)[]): number => shape.reduce<number>((product, side) => product * (side ?? 1), 1);
const count = (network: tf.LayersModel): number => network.trainableWeights.reduce((sum, { shape }) => sum + elements(shape), 0);

describe('the translator', () => {
  // The authors' PyTorch code prints 7.838 M (resnet_6blocks) and 11.378 M (resnet_9blocks) for 3 channels and 64 filters:
  // 7x7: 49 3 64 + 64 and 49 64 3 + 3; down and up: 9 (64 128 + 128 256) each, biases 384 and 192; a block: 2 (9 256 256 + 256).
  // The biases that instance norm takes out are not among ours: 64 + 384 + 192 + 512 a block.
  it.each([[6, 7_837_699], [9, 11_378_179]])("with %i blocks has the weights of the authors' code without the biases in front of instance norm", (blocks, official) => {
    expect(count(generator(blocks))).toBe(official - (64 + 384 + 192 + 512 * blocks));
  });

  it('goes to a quarter of the size and back, for any multiple of 4', () => {
    const sides = (network: tf.LayersModel): unknown[] => network.layers.filter(({ name }) => /^(first|down\d|block1_sum|up\d|last)$/.test(name)).map(({ outputShape }) => outputShape);
    expect(sides(generator(1, 28, 2))).toEqual([
      [null, 28, 28, 2],
      [null, 14, 14, 4],
      [null, 7, 7, 8],
      [null, 7, 7, 8],
      [null, 14, 14, 4],
      [null, 28, 28, 2],
      [null, 28, 28, 3],
    ]);
    expect(translator('g', { filters: 1, blocks: 0 }, [8, 12, 1], [8, 12, 3], random).outputShape).toEqual([null, 8, 12, 3]);
  });

  it('pads 7x7 and residual convolutions by reflection', () => {
    const padded = generator(1, 8, 1).layers.filter((layer) => layer.getClassName() === 'ReflectionPadding2D').map((layer) => layer.getConfig().padding);
    expect(padded).toEqual([3, 1, 1, 3]);
  });

  it('starts with kernels of N(0, .02)', async () => {
    const kernel = generator(1).weights.find(({ originalName }) => originalName === 'block1_conv1/kernel');
    const values = (await kernel?.read().data()) as Float32Array; // 589,824 draws: standard errors 2.6e-5, 1.8e-5
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(1e-4);
    expect(Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)).toBeCloseTo(0.02, 4);
  });
});

describe('the discriminator', () => {
  it("has the weights of the authors' 70x70 PatchGAN, 2.765 M, without the biases in front of instance norm", () => {
    // 16 (3 64 + 64 128 + 128 256 + 256 512 + 512) + biases 64 + 128 + 256 + 512 + 1
    expect(count(discriminator(256, 3, 64))).toBe(2_764_737 - (128 + 256 + 512));
  });

  // r = 1 behind the last layer, (r - 1) stride + kernel in front of each: 1 4 7 16 34 70
  it.each([[3, 70], [2, 34], [1, 16]])('with %i layers of stride 2 sees %i pixels', (layers, seen) => {
    const convolutions = discriminator(64, layers).layers.filter((layer) => layer.getClassName() === 'Conv2D').map((layer) => layer.getConfig());
    const side = convolutions.reduceRight((r, { kernelSize, strides }) => (r - 1) * ((strides as number[])[0] as number) + ((kernelSize as number[])[0] as number), 1);
    expect(side).toBe(seen);
  });

  it('gives 30x30 scores for 256 pixels, as pix2pix and CycleGAN print it, and 5x5 for 28', () => {
    expect(discriminator(256, 3).outputShape).toEqual([null, 30, 30, 1]);
    expect(discriminator(28, 2).outputShape).toEqual([null, 5, 5, 1]);
  });

  it('doubles its filters up to eight times', () => {
    const filters = discriminator(256, 5, 2).layers.filter((layer) => layer.getClassName() === 'Conv2D').map((layer) => layer.getConfig().filters);
    expect(filters).toEqual([2, 4, 8, 16, 16, 16, 1]);
  });

  it('refuses images that it would reduce to a single pixel in front of instance norm', () => {
    expect(() => discriminator(28, 3)).not.toThrow(); // 28 14 7 3 2
    expect(() => discriminator(28, 4)).toThrow(ConfigError);
    expect(() => discriminator(8, 2)).toThrow(/leaves maps of 1 pixels of images of 8/);
  });
});
