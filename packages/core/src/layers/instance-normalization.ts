import * as tf from '@tensorflow/tfjs';
import { type LayerArgs, single, singleShape } from './single.js';

export interface InstanceNormalizationArgs extends LayerArgs {
  /** Added to the variance, inside the root. Default 1e-5, PyTorch's. */
  readonly epsilon?: number;
  /** A factor gamma per channel, from 1. Default false, as PyTorch's InstanceNorm2d and so CycleGAN's. */
  readonly scale?: boolean;
  /** A summand beta per channel, from 0. Default false. */
  readonly center?: boolean;
}

/**
 * Ulyanov et al. 2016 (arXiv 1607.08022), eq. 4: (x - mean) / sqrt(variance + epsilon), mean and (biased) variance
 * over the pixels of each image and channel apart. The same in training and inference.
 */
export class InstanceNormalization extends tf.layers.Layer {
  static className = 'InstanceNormalization';
  private readonly epsilon: number;
  private readonly scale: boolean;
  private readonly center: boolean;
  private gamma?: tf.LayerVariable;
  private beta?: tf.LayerVariable;

  constructor(args: InstanceNormalizationArgs = {}) {
    super(args);
    this.epsilon = args.epsilon ?? 1e-5;
    this.scale = args.scale ?? false;
    this.center = args.center ?? false;
    this.inputSpec = [{ ndim: 4 }];
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = singleShape(inputShape)[3] as number;
    if (this.scale) this.gamma = this.addWeight('gamma', [channels], 'float32', tf.initializers.ones());
    if (this.center) this.beta = this.addWeight('beta', [channels], 'float32', tf.initializers.zeros());
    super.build(inputShape);
  }

  /** [n, h, w, c] -> [n, h, w, c] */
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = single(inputs);
      const centred = tf.sub(x, tf.mean(x, [1, 2], true));
      const variance = tf.mean(tf.square(centred), [1, 2], true);
      let y = tf.div(centred, tf.sqrt(tf.add(variance, this.epsilon)));
      if (this.gamma) y = tf.mul(y, this.gamma.read());
      if (this.beta) y = tf.add(y, this.beta.read());
      return y;
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), epsilon: this.epsilon, scale: this.scale, center: this.center };
  }
}
tf.serialization.registerClass(InstanceNormalization);

/** Normalizes every image and channel on its own. See {@link InstanceNormalization}. */
export function instanceNormalization(args?: InstanceNormalizationArgs): InstanceNormalization {
  return new InstanceNormalization(args);
}
