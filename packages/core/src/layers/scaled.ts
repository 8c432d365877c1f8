import * as tf from '@tensorflow/tfjs';
import { type LayerArgs, single, singleShape } from './single.js';

/**
 * Linear layers whose map is multiplied by one number: spectral norm's 1 / sigma, the constant of an equalized learning
 * rate. They run plain operations, not fused ones, so that only the gradients that are asked for are computed (see
 * prunable.ts), and have no activation of their own.
 */
abstract class ScaledLayer extends tf.layers.Layer {
  protected kernel!: tf.LayerVariable;
  private bias?: tf.LayerVariable;
  private readonly useBias: boolean;
  private readonly kernelInitializer: KernelInitializer;

  constructor(args: ScaledArgs) {
    super(args);
    this.useBias = args.useBias ?? true;
    this.kernelInitializer = args.kernelInitializer ?? 'glorotNormal';
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shape = this.kernelShape(singleShape(inputShape));
    this.kernel = this.addWeight('kernel', shape, 'float32', INITIALIZERS[this.kernelInitializer]());
    if (this.useBias) this.bias = this.addWeight('bias', shape.slice(-1), 'float32', tf.initializers.zeros());
    this.buildScale(shape);
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const y = this.linear(single(inputs), this.kernel.read(), this.scale());
      return this.bias ? tf.add(y, this.bias.read()) : y;
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), useBias: this.useBias, kernelInitializer: this.kernelInitializer };
  }

  protected abstract kernelShape(inputShape: tf.Shape): number[];
  /** Adds what the factor needs, after kernel and bias. */
  protected abstract buildScale(kernelShape: readonly number[]): void;
  /** Rank 0. */
  protected abstract scale(): tf.Tensor;
  protected abstract linear(x: tf.Tensor, kernel: tf.Tensor, scale: tf.Tensor): tf.Tensor;
}

/** `randomNormal` is N(0, 1). */
type KernelInitializer = 'zeros' | 'glorotNormal' | 'randomNormal';

const INITIALIZERS: Readonly<Record<KernelInitializer, () => ReturnType<typeof tf.initializers.zeros>>> = {
  zeros: () => tf.initializers.zeros(),
  glorotNormal: () => tf.initializers.glorotNormal({}),
  randomNormal: () => tf.initializers.randomNormal({ mean: 0, stddev: 1 }),
};

interface ScaledArgs extends LayerArgs {
  /** Default true. */
  readonly useBias?: boolean;
  /** `zeros` where `initializeNormal` sets the kernel afterwards. */
  readonly kernelInitializer?: KernelInitializer;
}

export interface ScaledConv2DArgs extends ScaledArgs {
  readonly filters: number;
  /** Height and width, in pixels. */
  readonly kernelSize: number;
  /** Default 1. */
  readonly strides?: number;
  /** Default `same`. */
  readonly padding?: 'same' | 'valid';
}

/** Kernel [kernelSize, kernelSize, channels, filters]. The kernel is multiplied: it is smaller than the output. */
export abstract class ScaledConv2D extends ScaledLayer {
  private readonly filters: number;
  private readonly kernelSize: number;
  private readonly strides: number;
  private readonly padding: 'same' | 'valid';

  constructor(args: ScaledConv2DArgs) {
    super(args);
    this.filters = args.filters;
    this.kernelSize = args.kernelSize;
    this.strides = args.strides ?? 1;
    this.padding = args.padding ?? 'same';
    this.inputSpec = [{ ndim: 4 }];
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [n, height, width] = singleShape(inputShape) as [number | null, number | null, number | null];
    const lost = this.padding === 'valid' ? this.kernelSize - 1 : 0;
    const side = (pixels: number | null): number | null => (pixels === null ? null : Math.ceil((pixels - lost) / this.strides));
    return [n, side(height), side(width), this.filters];
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { filters, kernelSize, strides, padding } = this;
    return { ...super.getConfig(), filters, kernelSize, strides, padding };
  }

  protected override kernelShape(inputShape: tf.Shape): number[] {
    return [this.kernelSize, this.kernelSize, inputShape[3] as number, this.filters];
  }

  protected override linear(x: tf.Tensor, kernel: tf.Tensor, scale: tf.Tensor): tf.Tensor {
    return tf.conv2d(x as tf.Tensor4D, tf.mul(kernel, scale) as tf.Tensor4D, this.strides, this.padding);
  }
}

export interface ScaledDenseArgs extends ScaledArgs {
  readonly units: number;
}

/** Kernel [inputs, units]. The output is multiplied: the kernel of a wide layer is many times larger. */
export abstract class ScaledDense extends ScaledLayer {
  private readonly units: number;

  constructor(args: ScaledDenseArgs) {
    super(args);
    this.units = args.units;
    this.inputSpec = [{ ndim: 2 }];
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return [singleShape(inputShape)[0] as number | null, this.units];
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), units: this.units };
  }

  protected override kernelShape(inputShape: tf.Shape): number[] {
    return [inputShape[1] as number, this.units];
  }

  protected override linear(x: tf.Tensor, kernel: tf.Tensor, scale: tf.Tensor): tf.Tensor {
    return tf.mul(tf.matMul(x as tf.Tensor2D, kernel as tf.Tensor2D), scale);
  }
}
