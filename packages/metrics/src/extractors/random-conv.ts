import { Random } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';

export const RANDOM_CONV_FEATURES = 64;
/** Of the float32 values of all weights, one tensor after the other. */
export const RANDOM_CONV_SHA256 = 'bd94d4afa9d0faf4d0a6ffea81da73c752e0a40d4bc9ccb27618cbba20684136';

/**
 * A convolutional network whose weights were never trained: features that owe nothing to any data set or task, as a second
 * opinion (as Naeem et al. 2020, arXiv 2002.09797, advise where images are unlike what classifiers are trained on). Three 5x5 convolutions of stride 2 with rectifiers, mean over the four quarters of what
 * is left, 64 random projections of that.
 */
const shapes = {
  conv1: [5, 5, 3, 32],
  conv2: [5, 5, 32, 64],
  conv3: [5, 5, 64, 64],
  projection: [2 * 2 * 64, RANDOM_CONV_FEATURES],
} as const satisfies Record<string, readonly number[]>;

export type RandomConvWeights = Readonly<Record<keyof typeof shapes, tf.Tensor>>;

/**
 * Values of the weights: uniform with the variance 2 / inputs of He et al. 2015; 64 / inputs in the projection, which brings
 * distances to the size of those by the trained extractors. They come from integers by multiplication alone, so that they
 * are the same bits on every machine.
 */
export function randomConvValues(): Readonly<Record<keyof typeof shapes, Float32Array>> {
  const entries = Object.entries(shapes).map(([name, shape]) => {
    const inputs = shape.slice(0, -1).reduce((product: number, side) => product * side, 1);
    const bound = Math.sqrt((3 * (name === 'projection' ? 64 : 2)) / inputs);
    return [name, Random.of('random-conv64', 1, name).uniforms(inputs * (shape.at(-1) as number), -bound, bound)];
  });
  return Object.fromEntries(entries) as Record<keyof typeof shapes, Float32Array>;
}

/** The weights as tensors of the current back end. */
export function randomConvWeights(): RandomConvWeights {
  const values = randomConvValues();
  const entries = Object.entries(shapes).map(([name, shape]) => [name, tf.tensor(values[name as keyof typeof shapes], [...shape], 'float32')]);
  return Object.fromEntries(entries) as RandomConvWeights;
}

/** [n, 32, 32, 3] in [-1, 1] -> [n, 64]. */
export function randomConvFeatures(weights: RandomConvWeights, images: tf.Tensor4D): tf.Tensor2D {
  return tf.tidy(() => {
    const maps = [weights.conv1, weights.conv2, weights.conv3].reduce<tf.Tensor4D>(
      (below, kernel) => tf.relu(tf.conv2d(below, kernel as tf.Tensor4D, 2, 'same')), // 16 px, 8 px, 4 px
      images,
    );
    const quarters = tf.reshape(tf.avgPool(maps, 2, 2, 'valid'), [images.shape[0], shapes.projection[0]]);
    return tf.matMul(quarters, weights.projection as tf.Tensor2D);
  });
}
