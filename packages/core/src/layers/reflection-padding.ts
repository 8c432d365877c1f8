import * as tf from '@tensorflow/tfjs';
import { ConfigError } from '../errors.js';
import { type LayerArgs, single, singleShape } from './single.js';

export interface ReflectionPadding2DArgs extends LayerArgs {
  /** Pixels added at each of the four sides; less than the image's height and width. */
  readonly padding: number;
}

/**
 * Pads images with their own mirror image; the border pixel itself is not repeated (d c b | a b c d | c b a).
 *
 * Not `tf.mirrorPad`: its gradient in TF.js 4.22 leaves out what flows back through the padding.
 */
export class ReflectionPadding2D extends tf.layers.Layer {
  static className = 'ReflectionPadding2D';
  private readonly padding: number;

  /** @throws {ConfigError} when the padding is not a whole number from 0 on. */
  constructor(args: ReflectionPadding2DArgs) {
    super(args);
    if (!Number.isInteger(args.padding) || args.padding < 0) {
      throw new ConfigError(`The padding of a reflection padding is ${args.padding}.`, { remedy: 'Give a whole number of pixels from 0 on.' });
    }
    this.padding = args.padding;
    this.inputSpec = [{ ndim: 4 }];
  }

  /** @throws {ConfigError} when the image is not larger than the padding. */
  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [n, height, width, channels] = singleShape(inputShape) as [number | null, number | null, number | null, number];
    const padded = (side: number | null): number | null => {
      if (side === null) return null;
      if (side > this.padding) return side + 2 * this.padding;
      throw new ConfigError(`Layer '${this.name}' cannot mirror ${this.padding} pixels of an image of ${height} x ${width}.`, {
        remedy: `Give images of at least ${this.padding + 1} pixels, or a smaller padding.`,
      });
    };
    return [n, padded(height), padded(width), channels] as tf.Shape;
  }

  /** [n, h, w, c] -> [n, h + 2 padding, w + 2 padding, c] */
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => reflected(reflected(single(inputs) as tf.Tensor4D, 1, this.padding), 2, this.padding));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), padding: this.padding };
  }
}
tf.serialization.registerClass(ReflectionPadding2D);

/** Pads images with their mirror image. See {@link ReflectionPadding2D}. */
export function reflectionPadding2d(args: ReflectionPadding2DArgs): ReflectionPadding2D {
  return new ReflectionPadding2D(args);
}

function reflected(x: tf.Tensor4D, axis: 1 | 2, padding: number): tf.Tensor4D {
  if (padding === 0) return x;
  const strip = (start: number): tf.Tensor4D => {
    const begin: [number, number, number, number] = [0, 0, 0, 0];
    const size = [...x.shape] as typeof begin;
    begin[axis] = start;
    size[axis] = padding;
    return tf.reverse(tf.slice4d(x, begin, size), axis);
  };
  return tf.concat([strip(1), x, strip(x.shape[axis] - 1 - padding)], axis);
}
