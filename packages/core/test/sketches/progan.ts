import { defineVariant, initializeNormal, minimaxDiscriminatorLoss, type Model, nonSaturatingGeneratorLoss, type Plan, type Random } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { adam, config, paper } from './common.js';

const STEPS_PER_PHASE = 2;

/** 4x4, then a fade from 4x4 to 8x8, then 8x8: phases, a fed alpha, an optimizer reset, real images averaged down. */
export const proganSketch = defineVariant({
  name: 'progan-sketch',
  paper,
  task: 'generation',
  requires: { kind: ['images'], sizes: [8] },
  config,
  build({ learningRate, batchSize }, data, random): Model<'generator' | 'discriminator'> {
    const channels = data.shape[2] as number;
    const networks = { generator: generator(channels, random), discriminator: discriminator(channels, random) };

    const plan = (step: number): Plan => {
      if (step < STEPS_PER_PHASE) return { phase: '4x4', resolution: 4, batchSize };
      const alpha = Math.min(1, (step - STEPS_PER_PHASE) / STEPS_PER_PHASE);
      return {
        phase: alpha < 1 ? '8x8 fade' : '8x8',
        resolution: 8,
        batchSize: Math.max(2, Math.floor(batchSize / 2)),
        scalars: { alpha },
        ...(step === STEPS_PER_PHASE ? { resetOptimizers: ['discriminator', 'generator'] } : {}),
      };
    };
    // The networks hold every level's layers under fixed names; a level's path through them is put together here.
    const layer = (network: tf.LayersModel, name: string) => (x: tf.Tensor): tf.Tensor => network.getLayer(name).apply(x) as tf.Tensor;
    const up = (x: tf.Tensor): tf.Tensor => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [8, 8]);
    const down = (x: tf.Tensor): tf.Tensor => tf.avgPool(x as tf.Tensor4D, 2, 2, 'valid');
    const mix = (old: tf.Tensor, fresh: tf.Tensor, alpha: tf.Scalar): tf.Tensor => tf.add(old, tf.mul(tf.sub(fresh, old), alpha));

    const generate = (g: tf.LayersModel, z: tf.Tensor, level: number | undefined, alpha: () => tf.Scalar): tf.Tensor => {
      const x4 = layer(g, 'fold')(layer(g, 'project')(z));
      if (level === 4) return layer(g, 'rgb4')(x4);
      return mix(up(layer(g, 'rgb4')(x4)), layer(g, 'rgb8')(layer(g, 'conv8')(up(x4))), alpha());
    };
    const judge = (d: tf.LayersModel, x: tf.Tensor, level: number | undefined, alpha: () => tf.Scalar): tf.Tensor => {
      const x4 = level === 4 ? layer(d, 'from4')(x) : mix(layer(d, 'from4')(down(x)), down(layer(d, 'conv8')(layer(d, 'from8')(x))), alpha());
      return layer(d, 'logit')(layer(d, 'flat')(x4));
    };

    return {
      networks,
      averaged: ['generator'],
      batchSize,
      plan,
      players: [
        {
          name: 'discriminator',
          trains: ['discriminator'],
          needs: ['real'],
          optimizer: adam(learningRate),
          loss({ networks: { generator: g, discriminator: d }, batch, random, scalars, plan: { resolution } }) {
            const alpha = (): tf.Scalar => scalars.get('alpha');
            const fake = generate(g, random.normal([batch.size, 4]), resolution, alpha);
            return { total: minimaxDiscriminatorLoss(judge(d, batch.real, resolution, alpha), judge(d, fake, resolution, alpha)) };
          },
        },
        {
          name: 'generator',
          trains: ['generator'],
          needs: [],
          optimizer: adam(learningRate),
          loss({ networks: { generator: g, discriminator: d }, batch, random, scalars, plan: { resolution } }) {
            const alpha = (): tf.Scalar => scalars.get('alpha');
            const fake = generate(g, random.normal([batch.size, 4]), resolution, alpha);
            return { total: nonSaturatingGeneratorLoss(judge(d, fake, resolution, alpha)) };
          },
        },
      ],
      sampleLatents: (n, random) => ({ z: random.normal([n, 4]) }),
      generate({ generator: g }, { z }, step) {
        const { resolution, scalars } = plan(step);
        const images = generate(g, z as tf.Tensor, resolution, () => tf.scalar(scalars?.alpha ?? 1));
        return tf.clipByValue(resolution === 4 ? up(images) : images, -1, 1);
      },
    };
  },
});

const conv = (name: string, filters: number, kernelSize: number): tf.layers.Layer =>
  tf.layers.conv2d({ name, filters, kernelSize, padding: 'same', kernelInitializer: 'zeros' });

function generator(channels: number, random: Random): tf.LayersModel {
  const z = tf.input({ shape: [4] });
  const project = tf.layers.dense({ name: 'project', units: 4 * 4 * 4, kernelInitializer: 'zeros' });
  const x4 = tf.layers.reshape({ name: 'fold', targetShape: [4, 4, 4] }).apply(project.apply(z)) as tf.SymbolicTensor;
  const x8 = conv('conv8', 4, 3).apply(tf.layers.upSampling2d({ name: 'up' }).apply(x4)) as tf.SymbolicTensor;
  const outputs = [conv('rgb4', channels, 1).apply(x4), conv('rgb8', channels, 1).apply(x8)] as tf.SymbolicTensor[];
  const network = tf.model({ name: 'generator', inputs: z, outputs });
  initializeNormal(network, random.fork('generator'), { kernelSd: 0.3 });
  return network;
}

function discriminator(channels: number, random: Random): tf.LayersModel {
  const [image4, image8] = [tf.input({ shape: [4, 4, channels] }), tf.input({ shape: [8, 8, channels] })];
  const x4 = conv('from4', 4, 1).apply(image4) as tf.SymbolicTensor;
  const x8 = conv('conv8', 4, 3).apply(conv('from8', 4, 1).apply(image8)) as tf.SymbolicTensor;
  const logit = tf.layers.dense({ name: 'logit', units: 1, kernelInitializer: 'zeros' }).apply(tf.layers.flatten({ name: 'flat' }).apply(x4));
  const network = tf.model({ name: 'discriminator', inputs: [image4, image8], outputs: [logit as tf.SymbolicTensor, x8] });
  initializeNormal(network, random.fork('discriminator'), { kernelSd: 0.3 });
  return network;
}
