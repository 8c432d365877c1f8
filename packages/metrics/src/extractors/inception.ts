import { type FeatureExtractor, MetricError } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { asInceptionInput, inParts } from './inception-input.js';

/** A TensorFlow.js model of either kind, as far as features need it. */
export interface FeatureModel {
  readonly inputs: readonly { readonly shape?: readonly (number | null)[] | undefined }[];
  readonly outputs: readonly { readonly shape?: readonly (number | null)[] | undefined }[];
  predict(images: tf.Tensor): unknown;
  dispose(): void;
}

/** Of the images that Inception v3 takes, in pixels, where the model does not say. */
const SIDE = 299;

/**
 * Features by a model that the caller has, as published FIDs have them of Inception v3's last pooling layer (2,048). It is given what
 * {@link asInceptionInput} makes of images.
 * @param model takes [n, side, side, 3], gives [n, d], or [n, h, w, d], of which the mean over h and w is taken
 * @throws {MetricError} when the model takes or gives something else
 */
export function inceptionExtractor(model: FeatureModel, { name, weightsSha256 }: Pick<FeatureExtractor, 'name' | 'weightsSha256'>): FeatureExtractor {
  const shape = model.inputs[0]?.shape;
  if (model.inputs.length !== 1 || model.outputs.length !== 1 || (shape && (shape.length !== 4 || (shape[3] !== 3 && shape[3] !== null && shape[3] !== -1)))) {
    throw new MetricError(`'${name}' is a model of ${model.inputs.length} inputs [${shape ?? ''}] and ${model.outputs.length} outputs.`, {
      remedy: 'Give a model of one input, images [n, side, side, 3], and one output, features [n, d].',
    });
  }
  const known = (size: number | null | undefined): number | undefined => (typeof size === 'number' && size > 0 ? size : undefined);
  const side = [known(shape?.[1]) ?? SIDE, known(shape?.[2]) ?? SIDE] as [number, number];
  const features = (images: tf.Tensor4D): tf.Tensor2D => inParts(images, (part) => pooled(model.predict(asInceptionInput(part, side)), name));
  const dimensions = tf.tidy(() => features(tf.zeros([1, 8, 8, 3])).shape[1]);
  return {
    name,
    dimensions,
    accepts: ([, , channels]) => channels === 1 || channels === 3,
    weightsSha256,
    testAccuracy: null,
    features,
    dispose: () => model.dispose(),
  };
}

function pooled(output: unknown, name: string): tf.Tensor2D {
  if (!(output instanceof tf.Tensor) || (output.rank !== 2 && output.rank !== 4)) {
    throw new MetricError(`The model of '${name}' gives ${output instanceof tf.Tensor ? `[${output.shape}]` : 'something else'} instead of features.`, { remedy: 'Give a model whose output is [n, d] or [n, h, w, d].' });
  }
  return output.rank === 2 ? (output as tf.Tensor2D) : tf.mean<tf.Tensor2D>(output, [1, 2]);
}
