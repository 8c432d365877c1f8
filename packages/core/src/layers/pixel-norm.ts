import * as tf from '@tensorflow/tfjs';
import { type LayerArgs, single } from './single.js';

export interface PixelNormArgs extends LayerArgs {
  /** Added to the mean square, inside the root. Default 1e-8, the paper's. */
  readonly epsilon?: number;
}

/**
 * Karras et al. 2018 (arXiv 1710.10196), section 4.2: x / sqrt(mean of x^2 + epsilon), the mean over the last axis: each
 * pixel's feature vector, or each latent, comes to have mean square 1. Takes any rank from 2 on.
 */
export class PixelNorm extends tf.layers.Layer {
  static className = 'PixelNorm';
  private readonly epsilon: number;

  constructor(args: PixelNormArgs = {}) {
    super(args);
    this.epsilon = args.epsilon ?? 1e-8;
    this.inputSpec = [{ minNDim: 2 }];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = single(inputs);
      return tf.div(x, tf.sqrt(tf.add(tf.mean(tf.square(x), -1, true), this.epsilon)));
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), epsilon: this.epsilon };
  }
}
tf.serialization.registerClass(PixelNorm);

/** Makes each pixel's feature vector have mean square 1. See {@link PixelNorm}. */
export function pixelNorm(args?: PixelNormArgs): PixelNorm {
  return new PixelNorm(args);
}
