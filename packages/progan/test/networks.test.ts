import { ConfigError, DataError, Random, Trainer } from '@ganzoo/core';
import { syntheticDataset } from '@ganzoo/core/testing';
import { progan, proganDiscriminator, proganGenerator } from '@ganzoo/progan';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

const images = (size: number, channels = 1) => ({ name: 'images', kind: 'images', shape: [size, size, channels] }) as const;

function kernels(network: tf.LayersModel): Record<string, string> {
  const found = network.weights.filter(({ originalName }) => originalName.endsWith('/kernel'));
  return Object.fromEntries(found.map(({ originalName, shape }) => [originalName.replace('/kernel', ''), shape.join('x')]));
}

describe("the paper's networks (table 2), with features halved from 64 at 2x2 and at most 16", () => {
  const config = { latentDim: 16, featureBase: 64, featureMax: 16, groupSize: 4 }; // the paper: 8192 and 512

  it('generate', () => {
    const generator = proganGenerator(config, images(32, 3), Random.of(0));
    expect(kernels(generator)).toEqual({
      project: '16x256',
      conv4: '3x3x16x16',
      image4: '1x1x16x3',
      conv8a: '3x3x16x16',
      conv8b: '3x3x16x16',
      image8: '1x1x16x3',
      conv16a: '3x3x16x8',
      conv16b: '3x3x8x8',
      image16: '1x1x8x3',
      conv32a: '3x3x8x4',
      conv32b: '3x3x4x4',
      image32: '1x1x4x3',
    });
    expect(generator.outputShape).toEqual([4, 8, 16, 32].map((side) => [null, side, side, 3]));
    generator.dispose();
  });

  it('discriminate; the last convolution sees the deviation as one more channel', () => {
    const discriminator = proganDiscriminator(config, images(16), Random.of(0));
    expect(kernels(discriminator)).toEqual({
      from4_conv: '1x1x1x16',
      from8_conv: '1x1x1x16',
      from16_conv: '1x1x1x8',
      conv16a: '3x3x8x8',
      conv16b: '3x3x8x16',
      conv8a: '3x3x16x16',
      conv8b: '3x3x16x16',
      conv4: '3x3x17x16',
      fc: '256x16',
      score: '16x1',
    });
    discriminator.dispose();
  });
});

describe('a saved generator', () => {
  it('loads again, and gives the same images at every resolution', async () => {
    const generator = proganGenerator({ latentDim: 4, featureBase: 16, featureMax: 4, groupSize: 4 }, images(16), Random.of(3));
    let saved: tf.io.ModelArtifacts = {};
    await generator.save(
      tf.io.withSaveHandler(({ weightData, ...rest }) => {
        saved = { ...(JSON.parse(JSON.stringify(rest)) as tf.io.ModelArtifacts), ...(weightData && { weightData }) };
        return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' as const } });
      }),
    );
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved));
    const z = Random.of(4).normal([2, 4]);
    const [before, after] = [generator, loaded].map((network) => (network.predict(z) as tf.Tensor[]).map((image) => Array.from(image.dataSync())));
    expect(before?.map(({ length }) => length)).toEqual([2 * 16, 2 * 64, 2 * 256]);
    expect(after).toEqual(before);
    generator.dispose();
    loaded.dispose();
  });
});

describe('the defaults', () => {
  it("are the paper's", () => {
    const defaults = { featureBase: 8192, featureMax: 512, latentDim: 512, lambda: 10, drift: 1e-3, learningRate: 1e-3, beta1: 0, beta2: 0.99, epsilon: 1e-8, batchSize: 16 };
    expect(progan.config.parse({})).toMatchObject(defaults);
    expect(progan.emaDecay).toBe(0.999);
  });

  it('are refused on 28 pixels, which cannot be reached from 4 by doubling', () => {
    expect(() => new Trainer({ variant: progan, dataset: syntheticDataset(images(28)) })).toThrow(DataError);
    expect(() => new Trainer({ variant: progan, dataset: syntheticDataset(images(28)) })).toThrow('progan cannot train');
  });

  it('go with batches that split into groups', () => {
    const config = { featureMax: 2, latentDim: 2, batchSize: 6 };
    expect(() => progan.build(progan.config.parse(config), images(8), Random.of(0))).toThrow(ConfigError);
    expect(() => progan.build(progan.config.parse({ ...config, groupSize: 3 }), images(8), Random.of(0))).not.toThrow();
    expect(() => progan.build(progan.config.parse({ ...config, batchSize: 3 }), images(8), Random.of(0))).not.toThrow();
  });
});
