import { type FeatureExtractor, MetricError } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';

const CHANNELS = 3;

/**
 * An extractor for images whose three channels are images of their own, as those of stacked MNIST are: the features of each, side
 * by side, and the logits of each combination of three classes, the number that their digits write.
 * @param grey takes one channel. It is disposed with what is made of it.
 */
export function perChannel(grey: FeatureExtractor): FeatureExtractor {
  const { classify } = grey;
  const name = `${grey.name}x${CHANNELS}`;
  const accepts = (shape: readonly number[]): boolean => shape[2] === CHANNELS && grey.accepts(shape);
  const ofChannels = (images: tf.Tensor4D, make: (channel: tf.Tensor4D) => tf.Tensor2D): tf.Tensor2D[] => {
    const shape = images.shape.slice(1);
    if (!accepts(shape)) {
      throw new MetricError(`'${name}' takes images of ${CHANNELS} channels each of which '${grey.name}' takes, not ${shape.join('x')}.`, { remedy: `Choose a size that '${grey.name}' takes, and that itself for images of one channel.` });
    }
    return (tf.split(images, CHANNELS, 3) as tf.Tensor4D[]).map(make);
  };
  return {
    ...grey,
    name,
    dimensions: CHANNELS * grey.dimensions,
    accepts,
    testAccuracy: grey.testAccuracy === null ? null : grey.testAccuracy ** CHANNELS, // all three must be right
    features: (images) => tf.tidy(() => tf.concat(ofChannels(images, grey.features), 1)),
    ...(classify && {
      // Softmax of a sum of independent logits is the product of their softmaxes.
      classify: (images: tf.Tensor4D) =>
        tf.tidy(() =>
          ofChannels(images, classify).reduce((logits, more) => {
            const sums = tf.add(tf.expandDims(logits, 2), tf.expandDims(more, 1));
            return tf.reshape(sums, [images.shape[0], -1]) as tf.Tensor2D;
          }),
        ),
    }),
  };
}
