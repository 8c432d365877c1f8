// The DCGAN step of steps.py as a user of TensorFlow.js alone writes it: tf.layers and tf.train on tfjs-node, with none of ganzoo's
// kernels, gradients or layers. stock.ts dcgan THREADS|all, then as ours.ts.
import { createInterface } from 'node:readline';
import * as tf from '@tensorflow/tfjs';
import { loadPreferredTfjsNode } from '../../packages/engine/src/tfjs-node.js';

const [name = '', threads = 'all'] = process.argv.slice(2);
if (name !== 'dcgan') throw new Error(`There is no case '${name}' of stock tf.layers. Take dcgan.`);
if (threads !== 'all') process.env.TF_NUM_INTRAOP_THREADS = threads;
if (loadPreferredTfjsNode('cpu', process.cwd()) === undefined) throw new Error("There is no tfjs-node. Run 'ganzoo engine install'.");
await tf.setBackend('tensorflow');

const BATCH = 64;
const LATENTS = 100;
const HALVE = { kernelSize: 4, strides: 2, padding: 'same' } as const;
const { activation, batchNormalization, conv2d, conv2dTranspose, dense, flatten, leakyReLU, reLU, reshape } = tf.layers;

const generator = tf.sequential({
  layers: [
    dense({ units: 8 * 8 * 128, useBias: false, inputShape: [LATENTS] }), reshape({ targetShape: [8, 8, 128] }), batchNormalization(), reLU(),
    conv2dTranspose({ ...HALVE, filters: 64, useBias: false }), batchNormalization(), reLU(),
    conv2dTranspose({ ...HALVE, filters: 1 }), activation({ activation: 'tanh' }),
  ],
});
const discriminator = tf.sequential({
  layers: [
    conv2d({ ...HALVE, filters: 64, inputShape: [32, 32, 1] }), leakyReLU({ alpha: 0.2 }),
    conv2d({ ...HALVE, filters: 128, useBias: false }), batchNormalization(), leakyReLU({ alpha: 0.2 }),
    flatten(), dense({ units: 1 }),
  ],
});
const weightsOf = (network: tf.LayersModel): tf.Variable[] => network.trainableWeights.map((weight) => weight.read() as tf.Variable);
const train = (network: tf.LayersModel, x: tf.Tensor): tf.Tensor => network.apply(x, { training: true }) as tf.Tensor;
const adam = (): tf.Optimizer => tf.train.adam(2e-4, 0.5, 0.999);
const [ofGenerator, ofDiscriminator] = [adam(), adam()];
const [real, ones, zeros] = [tf.randomUniform([BATCH, 32, 32, 1], -1, 1), tf.ones([BATCH, 1]), tf.zeros([BATCH, 1])];
const entropy = (labels: tf.Tensor, logits: tf.Tensor): tf.Scalar => tf.losses.sigmoidCrossEntropy(labels, logits);

async function step(): Promise<void> {
  const losses = tf.tidy(() => {
    const latents = tf.randomUniform([BATCH, LATENTS], -1, 1);
    const fake = train(generator, latents);
    const first = ofDiscriminator.minimize(() => tf.add(entropy(ones, train(discriminator, real)), entropy(zeros, train(discriminator, fake))), true, weightsOf(discriminator));
    const second = ofGenerator.minimize(() => entropy(ones, train(discriminator, train(generator, latents))), true, weightsOf(generator));
    return tf.stack([first as tf.Scalar, second as tf.Scalar]);
  });
  await losses.data();
  losses.dispose();
}

for (let i = 0; i < 3; i++) await step();
for await (const line of createInterface({ input: process.stdin })) {
  const times: number[] = [];
  for (let i = 0; i < Number(line); i++) {
    const began = performance.now();
    await step();
    times.push(performance.now() - began);
  }
  process.stdout.write(`${JSON.stringify(times)}\n`);
}
process.exit(0);
