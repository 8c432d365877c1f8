import { ConfigError, dcganDiscriminator, dcganGenerator, Random } from '@ganzoo/core';
import type * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

const data = (size: number, channels = 1) => ({ name: 'images', kind: 'images', shape: [size, size, channels] }) as const;
const options = { filters: 64, stages: null, latentDim: 100, norm: 'batch' } as const;

/** Weight shapes by name, batch norm left out. */
function kernels(network: tf.LayersModel): Record<string, string> {
  return Object.fromEntries(
    network.weights.filter(({ originalName }) => /kernel|bias/.test(originalName)).map(({ originalName, shape }) => [originalName, shape.join('x')]),
  );
}

describe("DCGAN's networks", () => {
  it('for 64 pixels project z to 4x4x512 and go 256-128-64-channels, as the authors\' code does', () => {
    expect(kernels(dcganGenerator(data(64, 3), options, Random.of(0)))).toEqual({
      'project/kernel': '100x8192',
      'deconv1/kernel': '4x4x256x512',
      'deconv2/kernel': '4x4x128x256',
      'deconv3/kernel': '4x4x64x128',
      'deconv4/kernel': '4x4x3x64',
      'deconv4/bias': '3',
    });
  });

  it('discriminate with 64-128-256-512 filters and no bias before batch norm', () => {
    expect(kernels(dcganDiscriminator(data(64, 3), options, Random.of(0)))).toEqual({
      'conv1/kernel': '4x4x3x64',
      'conv1/bias': '64',
      'conv2/kernel': '4x4x64x128',
      'conv3/kernel': '4x4x128x256',
      'conv4/kernel': '4x4x256x512',
      'logit/kernel': '8192x1',
      'logit/bias': '1',
    });
  });

  it('have 3,576,704 + 2,765,568 weights at 64 pixels and 3 channels, as PyTorch\'s example has', () => {
    // nn.ConvTranspose2d/Conv2d of pytorch/examples/dcgan without biases: G 3,576,704; D 2,765,568.
    // Ours adds the biases of the outermost layers: 3 in G; 64 and 1 in D.
    const count = (network: tf.LayersModel): number =>
      network.trainableWeights.reduce((sum, { shape }) => sum + shape.reduce<number>((product, side) => product * (side ?? 1), 1), 0);
    expect(count(dcganGenerator(data(64, 3), options, Random.of(0)))).toBe(3_576_704 + 3);
    expect(count(dcganDiscriminator(data(64, 3), options, Random.of(0)))).toBe(2_765_568 + 64 + 1);
  });

  it('start with kernels of N(0, .02), gammas of N(1, .02) and zero biases', async () => {
    const network = dcganGenerator(data(32), options, Random.of(3));
    const values = async (name: string): Promise<Float32Array> =>
      (await network.weights.find(({ originalName }) => originalName === name)?.read().data()) as Float32Array;
    const moments = (all: Float32Array): [number, number] => {
      const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
      return [mean, Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length)];
    };
    const [kernelMean, kernelSd] = moments(await values('deconv1/kernel')); // 524,288 draws: standard errors 3e-5, 2e-5
    expect(kernelMean).toBeCloseTo(0, 3);
    expect(kernelSd).toBeCloseTo(0.02, 3);
    const [gammaMean, gammaSd] = moments(await values('project_bn/gamma')); // 256 draws: standard errors 1.3e-3, 9e-4
    expect(Math.abs(gammaMean - 1)).toBeLessThan(0.006);
    expect(Math.abs(gammaSd - 0.02)).toBeLessThan(0.004);
    expect(moments(await values('deconv3/bias'))).toEqual([0, 0]);
  });

  it('for 28 pixels go 4-7-14-28 and back, the sizes that strided convolutions with same padding make of 28', () => {
    const sides = (network: tf.LayersModel, kind: RegExp): number[] =>
      network.layers.filter(({ name }) => kind.test(name)).map(({ outputShape }) => (outputShape as number[])[1] as number);
    const generator = dcganGenerator(data(28), options, Random.of(0));
    expect(sides(generator, /^fold|^deconv\d$|crop/)).toEqual([4, 8, 7, 14, 28]);
    expect(generator.outputShape).toEqual([null, 28, 28, 1]);
    expect(sides(dcganDiscriminator(data(28), options, Random.of(0)), /^conv\d$/)).toEqual([14, 7, 4]);
  });

  it('have biases where a penalty forbids batch norm', () => {
    const discriminator = dcganDiscriminator(data(32), { ...options, norm: 'none' }, Random.of(0));
    expect(Object.keys(kernels(discriminator))).toEqual(['conv1/kernel', 'conv1/bias', 'conv2/kernel', 'conv2/bias', 'conv3/kernel', 'conv3/bias', 'logit/kernel', 'logit/bias']);
    expect(discriminator.weights).toHaveLength(8);
  });

  it('refuse more stages than the size can be halved', () => {
    expect(() => dcganGenerator(data(28), { ...options, stages: 5 }, Random.of(0))).toThrow(ConfigError);
    expect(() => dcganGenerator(data(28), { ...options, stages: 2 }, Random.of(0))).not.toThrow();
  });
});
