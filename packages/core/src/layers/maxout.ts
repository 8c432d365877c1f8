import * as tf from '@tensorflow/tfjs';
import { type LayerArgs, single, singleShape } from './single.js';

export interface MaxoutArgs extends LayerArgs {
  readonly units: number;
  /** Linear pieces per unit. Default 5, that of Goodfellow's GAN and of PacGAN. */
  readonly pieces?: number;
  /** Default true. */
  readonly useBias?: boolean;
  /** `zeros` where `initializeNormal` sets the kernel afterwards; default `glorotNormal`. */
  readonly kernelInitializer?: 'zeros' | 'glorotNormal';
}

/**
 * Maxout (Goodfellow et al. 2013, arXiv 1302.4389), eq. 2: unit i is max over its pieces j of x W_ij + b_ij. The kernel
 * is [inputs, pieces units]: all units' first pieces, then all their second ones, so that the maximum runs over long rows.
 */
export class Maxout extends tf.layers.Layer {
  static className = 'Maxout';
  private readonly units: number;
  private readonly pieces: number;
  private readonly useBias: boolean;
  private readonly kernelInitializer: 'zeros' | 'glorotNormal';
  private kernel!: tf.LayerVariable;
  private bias?: tf.LayerVariable;

  constructor(args: MaxoutArgs) {
    super(args);
    this.units = args.units;
    this.pieces = args.pieces ?? 5;
    this.useBias = args.useBias ?? true;
    this.kernelInitializer = args.kernelInitializer ?? 'glorotNormal';
    this.inputSpec = [{ ndim: 2 }];
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const [inputs, outputs] = [singleShape(inputShape)[1] as number, this.units * this.pieces];
    const initializer = this.kernelInitializer === 'zeros' ? tf.initializers.zeros() : tf.initializers.glorotNormal({});
    this.kernel = this.addWeight('kernel', [inputs, outputs], 'float32', initializer);
    if (this.useBias) this.bias = this.addWeight('bias', [outputs], 'float32', tf.initializers.zeros());
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return [singleShape(inputShape)[0] as number | null, this.units];
  }

  /** [n, inputs] -> [n, units] */
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const linear = tf.matMul(single(inputs) as tf.Tensor2D, this.kernel.read() as tf.Tensor2D);
      const pieces = this.bias ? tf.add(linear, this.bias.read()) : linear;
      return tf.max(tf.reshape(pieces, [-1, this.pieces, this.units]), 1);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { units, pieces, useBias, kernelInitializer } = this;
    return { ...super.getConfig(), units, pieces, useBias, kernelInitializer };
  }
}
tf.serialization.registerClass(Maxout);

/** A dense layer of maxout units. See {@link Maxout}. */
export function maxout(args: MaxoutArgs): Maxout {
  return new Maxout(args);
}
