import * as tf from '@tensorflow/tfjs';
import { ConfigError } from '../errors.js';
import { type LayerArgs, single, singleShape } from './single.js';

export interface MinibatchStdDevArgs extends LayerArgs {
  /** Samples that are compared with each other, at most. Default 4, the authors' code's. */
  readonly groupSize?: number;
}

/**
 * Minibatch standard deviation (Karras et al. 2018, arXiv 1710.10196, section 3): one more channel that tells the
 * discriminator how much the images of a group differ - the standard deviation of every feature over the group (biased,
 * 1e-8 added to the variance), averaged over features and pixels. As in the authors' code sample i belongs to group
 * i mod (n / groupSize); a batch smaller than groupSize is one group.
 */
export class MinibatchStdDev extends tf.layers.Layer {
  static className = 'MinibatchStdDev';
  private readonly groupSize: number;

  /** @throws {ConfigError} when the group size is not a whole number from 1 on. */
  constructor(args: MinibatchStdDevArgs = {}) {
    super(args);
    this.groupSize = args.groupSize ?? 4;
    if (!Number.isInteger(this.groupSize) || this.groupSize < 1) {
      throw new ConfigError(`The group size of a minibatch standard deviation is ${this.groupSize}.`, { remedy: 'Give a whole number from 1 on.' });
    }
    this.inputSpec = [{ ndim: 4 }];
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [n, height, width, channels] = singleShape(inputShape) as [number | null, number | null, number | null, number];
    return [n, height, width, channels + 1];
  }

  /**
   * [n, h, w, c] -> [n, h, w, c + 1]
   * @throws {ConfigError} when n is larger than the group size and not a multiple of it.
   */
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = single(inputs) as tf.Tensor4D;
      const [n, height, width] = x.shape;
      const size = Math.min(this.groupSize, n);
      if (n % size !== 0) {
        throw new ConfigError(`A batch of ${n} cannot be split into groups of ${size} for the minibatch standard deviation.`, {
          remedy: `Choose a batch size that is a multiple of ${size}, or another group size.`,
        });
      }
      const groups = tf.reshape(x, [size, n / size, -1]);
      const centred = tf.sub(groups, tf.mean(groups, 0, true));
      const sd = tf.sqrt(tf.add(tf.mean(tf.square(centred), 0, true), 1e-8));
      // Spread by addition: the gradient of tf.tile slices once per repetition.
      const channel = tf.add(tf.zeros([size, n / size, height * width]), tf.mean(sd, 2, true));
      return tf.concat([x, tf.reshape(channel, [n, height, width, 1])], 3);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), groupSize: this.groupSize };
  }
}
tf.serialization.registerClass(MinibatchStdDev);

/** Appends a channel that says how much the images of a batch differ. See {@link MinibatchStdDev}. */
export function minibatchStdDev(args?: MinibatchStdDevArgs): MinibatchStdDev {
  return new MinibatchStdDev(args);
}
