import { EpochSampler, Optimizer, Random, type Samples, type Source } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { lenetFeatures, lenetLogits, lenetShapes, LENET_CLASSES, LENET_FEATURES, type LenetWeightName, type LenetWeights } from '../src/extractors/lenet.js';
import { prepareImages } from '../src/extractors/prepare.js';

export interface TrainOptions {
  readonly seed: number;
  readonly epochs: number;
  readonly onEpoch: (epoch: number, meanLoss: number) => void;
}

const BATCH = 100;
/** Adam's usual step size, falling to zero along half a cosine. */
const LEARNING_RATE = 1e-3;
const WEIGHT_DECAY = 5e-5;
/** Share of features that a training step leaves out, so that no class hangs on a single one. */
const DROPOUT = 0.3;

/** Trains the classifier on a source. The weights are functions of the seed and the data (and the engine's rounding). */
export async function trainLenet(source: Source, { seed, epochs, onEpoch }: TrainOptions): Promise<LenetWeights<tf.Variable>> {
  const random = Random.of(seed, 'lenet64');
  const channels = source.spec.shape[2] as 1 | 3;
  const weights = initialWeights(random, channels);
  const variables = Object.values<tf.Variable>(weights);
  const optimizer = new Optimizer(
    { kind: 'adam', learningRate: LEARNING_RATE, beta1: 0.9, beta2: 0.999, weightDecay: WEIGHT_DECAY },
    variables,
  );
  const sampler = new EpochSampler(seed, source.length);
  const stepsPerEpoch = Math.floor(source.length / BATCH);
  for (let step = 0, position = 0, losses = 0; step < epochs * stepsPerEpoch; step++) {
    const { indices, next } = sampler.batch(position, BATCH);
    position = next;
    const rate = LEARNING_RATE * 0.5 * (1 + Math.cos((Math.PI * step) / (epochs * stepsPerEpoch)));
    losses += trainStep(weights, optimizer, await source.read(indices), source.spec.shape, rate, random.fork('mask', step));
    if ((step + 1) % stepsPerEpoch === 0) {
      onEpoch((step + 1) / stepsPerEpoch, losses / stepsPerEpoch);
      losses = 0;
    }
  }
  optimizer.dispose();
  return weights;
}

/** He et al. 2015: normal with variance 2 / inputs; biases zero. */
function initialWeights(random: Random, channels: 1 | 3): LenetWeights<tf.Variable> {
  const entries = Object.entries(lenetShapes(channels)).map(([name, shape]) => {
    const inputs = shape.slice(0, -1).reduce((product: number, side) => product * side, 1);
    const isKernel = shape.length > 1;
    return [name, tf.variable(isKernel ? random.fork(name).normal([...shape], 0, Math.sqrt(2 / inputs)) : tf.zeros([...shape]))];
  });
  return Object.fromEntries(entries) as LenetWeights<tf.Variable>;
}

/** One update. @returns the mean cross-entropy of the batch, in nats. */
function trainStep(
  weights: LenetWeights<tf.Variable>,
  optimizer: Optimizer,
  { values, labels }: Samples,
  shape: readonly number[],
  learningRate: number,
  random: Random,
): number {
  return tf.tidy(() => {
    const images = prepareImages(tf.tensor(values, [BATCH, ...shape] as [number, number, number, number]), shape[2] as 1 | 3, 'lenet64');
    const classes = tf.oneHot(tf.tensor1d(labels as Int32Array, 'int32'), LENET_CLASSES);
    const kept = random.uniforms(BATCH * LENET_FEATURES).map((u) => (u < DROPOUT ? 0 : 1 / (1 - DROPOUT)));
    const mask = tf.tensor2d(kept, [BATCH, LENET_FEATURES]);
    const variables = Object.values<tf.Variable>(weights);
    const { value, grads } = tf.variableGrads(() => {
      const features = tf.mul<tf.Tensor2D>(lenetFeatures(weights, images), mask);
      return tf.losses.softmaxCrossEntropy(classes, lenetLogits(weights, features)) as tf.Scalar;
    }, variables);
    const { rate, epsilon } = optimizer.coefficients(learningRate);
    optimizer.apply(variables.map((variable) => grads[variable.name]), { rate: tf.scalar(rate), epsilon: tf.scalar(epsilon) });
    optimizer.updates += 1;
    return value.dataSync()[0] as number;
  });
}

/** The values of the weights, to be saved. */
export async function weightValues(weights: LenetWeights): Promise<Record<LenetWeightName, Float32Array>> {
  const entries = Object.entries(weights).map(async ([name, tensor]) => [name, await tensor.data<'float32'>()] as const);
  return Object.fromEntries(await Promise.all(entries)) as Record<LenetWeightName, Float32Array>;
}
