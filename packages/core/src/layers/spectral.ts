import * as tf from '@tensorflow/tfjs';
import { ScaledConv2D, type ScaledConv2DArgs, ScaledDense, type ScaledDenseArgs } from './scaled.js';
import { SpectralNorm } from './spectral-norm.js';

/** A convolution whose kernel is divided by its largest singular value. See {@link SpectralNorm}. */
export class SpectralConv2D extends ScaledConv2D {
  static className = 'SpectralConv2D';
  norm!: SpectralNorm;

  protected override buildScale(): void {
    this.norm = new SpectralNorm(this.kernel, (name, size, value) => this.addWeight(name, [size], 'float32', tf.initializers.constant({ value }), undefined, false));
  }

  protected override scale(): tf.Tensor {
    return tf.div(1, this.norm.sigma());
  }
}
tf.serialization.registerClass(SpectralConv2D);

/** A dense layer whose kernel is divided by its largest singular value. See {@link SpectralNorm}. */
export class SpectralDense extends ScaledDense {
  static className = 'SpectralDense';
  norm!: SpectralNorm;

  protected override buildScale(): void {
    this.norm = new SpectralNorm(this.kernel, (name, size, value) => this.addWeight(name, [size], 'float32', tf.initializers.constant({ value }), undefined, false));
  }

  protected override scale(): tf.Tensor {
    return tf.div(1, this.norm.sigma());
  }
}
tf.serialization.registerClass(SpectralDense);

/** `conv2d` with spectral normalization and without activation: [n, h, w, c] -> [n, h', w', filters]. */
export function spectralConv2d(args: ScaledConv2DArgs): SpectralConv2D {
  return new SpectralConv2D(args);
}

/** `dense` with spectral normalization and without activation: [n, inputs] -> [n, units]. */
export function spectralDense(args: ScaledDenseArgs): SpectralDense {
  return new SpectralDense(args);
}

/** The spectral norms of a network's layers, in their order. */
export function spectralNorms(network: tf.LayersModel): SpectralNorm[] {
  return network.layers.filter((layer) => layer instanceof SpectralConv2D || layer instanceof SpectralDense).map(({ norm }) => norm);
}

/**
 * One power iteration (or more) in every spectrally normalized layer of a network: pure tensor operations, part of a
 * move. A player calls it once per move of the discriminator, in `beforeMove`.
 */
export function powerIterateAll(network: tf.LayersModel, iterations = 1): void {
  for (const norm of spectralNorms(network)) norm.powerIterate(iterations);
}
