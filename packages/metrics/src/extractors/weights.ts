import { decodeSafetensors, encodeSafetensors, MetricError } from '@ganzoo/core';
import { Float16Array } from '@petamoriken/float16';
import * as tf from '@tensorflow/tfjs';
import { lenetShapes, type LenetWeightName, type LenetWeights } from './lenet.js';

/** How an extractor came to be: written into its file of weights. */
export interface ExtractorMetadata {
  readonly extractor: string;
  /** The command that makes this file again. */
  readonly command: string;
  readonly dataset: string;
  /** Of the training images as bytes, and their labels. */
  readonly dataSha256: string;
  readonly seed: string;
  readonly epochs: string;
  /** Share of the validation and of the official test split that is classified rightly, 0 .. 1, with these (rounded) weights. */
  readonly validationAccuracy: string;
  readonly testAccuracy: string;
}

/** A safetensors file with the weights in float16. @param channels of the images */
export function encodeLenet(values: Readonly<Record<LenetWeightName, Float32Array>>, channels: 1 | 3, metadata?: ExtractorMetadata): Uint8Array {
  const shapes = lenetShapes(channels);
  const tensors = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const { buffer } = Float16Array.from(values[name as LenetWeightName]);
      return [name, { dtype: 'F16' as const, shape, data: new Uint8Array(buffer) }];
    }),
  );
  return encodeSafetensors(tensors, { ...metadata });
}

/**
 * The weights as tensors of the current back end.
 * @param channels of the images
 * @throws {CheckpointError} when the bytes are not a safetensors file.
 * @throws {MetricError} when a weight is missing or has another shape.
 */
export function decodeLenet(bytes: Uint8Array, channels: 1 | 3, extractor: string): { weights: LenetWeights; metadata: Record<string, string> } {
  const { tensors, metadata } = decodeSafetensors(bytes, `The file of weights of '${extractor}'`);
  const values = Object.entries(lenetShapes(channels)).map(([name, shape]) => {
    const stored = tensors[name];
    if (stored?.dtype !== 'F16' || stored.shape.join() !== shape.join()) {
      throw new MetricError(`The weights of '${extractor}' have no '${name}' of shape ${shape.join('x')} in float16.`, {
        remedy: 'Train the extractor again: its file belongs to another architecture.',
      });
    }
    return { name, shape, values: Float32Array.from(new Float16Array(Uint8Array.from(stored.data).buffer)) };
  });
  const weights = Object.fromEntries(values.map(({ name, shape, values }) => [name, tf.tensor(values, [...shape], 'float32')]));
  return { weights: weights as LenetWeights, metadata };
}
