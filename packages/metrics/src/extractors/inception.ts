import { type FeatureExtractor, MetricError } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';

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
 * Features by a model that the caller has, as published FIDs have them of Inception v3's last pooling layer (2,048). What the model is
 * given is what TensorFlow 1's Inception graph of the authors of FID (Heusel et al. 2017, arXiv 1706.08500) computes with:
 * images as bytes, in colour, resized bilinearly from corner to corner without antialiasing (`align_corners` and
 * `half_pixel_centers` false, as TensorFlow 1 resizes), then (byte - 128) / 128.
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
  const features = (images: tf.Tensor4D): tf.Tensor2D => tf.tidy(() => pooled(model.predict(prepared(images, side)), name));
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

/** [n, h, w, 1 or 3] in [-1, 1] -> [n, side, side, 3] in [-1, 1). */
function prepared(images: tf.Tensor4D, side: [number, number]): tf.Tensor4D {
  const coloured = images.shape[3] === 1 ? tf.tile(images, [1, 1, 1, 3]) : images;
  const bytes = tf.round(tf.clipByValue(tf.mul(tf.add(coloured, 1), 127.5), 0, 255)) as tf.Tensor4D;
  return tf.div(tf.sub(tf.image.resizeBilinear(bytes, side, false, false), 128), 128);
}

function pooled(output: unknown, name: string): tf.Tensor2D {
  if (!(output instanceof tf.Tensor) || (output.rank !== 2 && output.rank !== 4)) {
    throw new MetricError(`The model of '${name}' gives ${output instanceof tf.Tensor ? `[${output.shape}]` : 'something else'} instead of features.`, { remedy: 'Give a model whose output is [n, d] or [n, h, w, d].' });
  }
  return output.rank === 2 ? (output as tf.Tensor2D) : tf.mean<tf.Tensor2D>(output, [1, 2]);
}
