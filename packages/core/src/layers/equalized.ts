import * as tf from '@tensorflow/tfjs';
import { ScaledConv2D, type ScaledConv2DArgs, ScaledDense, type ScaledDenseArgs } from './scaled.js';

/**
 * Equalized learning rate (Karras et al. 2018, arXiv 1710.10196, section 4.1): kernels start as N(0, 1) and are
 * multiplied by He's constant gain / sqrt(fan-in) at run time, so that Adam moves all of them at the same relative speed.
 * Draw them with `initializeNormal(network, random, { kernelSd: 1 })`.
 */
interface Equalized {
  /** Default sqrt(2), He's; the authors' code has 1 in layers without a rectifier behind them. */
  readonly gain?: number;
}
export type EqualizedConv2DArgs = ScaledConv2DArgs & Equalized;
export type EqualizedDenseArgs = ScaledDenseArgs & Equalized;

export class EqualizedConv2D extends ScaledConv2D {
  static className = 'EqualizedConv2D';
  private readonly gain: number;
  private constant = 1;

  constructor(args: EqualizedConv2DArgs) {
    super({ kernelInitializer: 'randomNormal', ...args });
    this.gain = args.gain ?? Math.SQRT2;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), gain: this.gain };
  }

  protected override buildScale(kernelShape: readonly number[]): void {
    this.constant = heConstant(this.gain, kernelShape);
  }

  protected override scale(): tf.Tensor {
    return tf.scalar(this.constant);
  }
}
tf.serialization.registerClass(EqualizedConv2D);

export class EqualizedDense extends ScaledDense {
  static className = 'EqualizedDense';
  private readonly gain: number;
  private constant = 1;

  constructor(args: EqualizedDenseArgs) {
    super({ kernelInitializer: 'randomNormal', ...args });
    this.gain = args.gain ?? Math.SQRT2;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), gain: this.gain };
  }

  protected override buildScale(kernelShape: readonly number[]): void {
    this.constant = heConstant(this.gain, kernelShape);
  }

  protected override scale(): tf.Tensor {
    return tf.scalar(this.constant);
  }
}
tf.serialization.registerClass(EqualizedDense);

/** `conv2d` with an equalized learning rate and without activation: [n, h, w, c] -> [n, h', w', filters]. */
export function equalizedConv2d(args: EqualizedConv2DArgs): EqualizedConv2D {
  return new EqualizedConv2D(args);
}

/** `dense` with an equalized learning rate and without activation: [n, inputs] -> [n, units]. */
export function equalizedDense(args: EqualizedDenseArgs): EqualizedDense {
  return new EqualizedDense(args);
}

function heConstant(gain: number, kernelShape: readonly number[]): number {
  return gain / Math.sqrt(kernelShape.slice(0, -1).reduce((product, side) => product * side, 1));
}
