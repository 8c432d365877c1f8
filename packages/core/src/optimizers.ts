import * as tf from '@tensorflow/tfjs';
import { runUpdate } from './optimizer-updates.js';

/** An optimizer as data: eager and traced moves build the same update from it. */
export type OptimizerConfig = {
  /** Step size; a plan's `learningRate` scalar replaces it. */
  readonly learningRate: number;
  /** L2 penalty added to the gradient, g + weightDecay w (as PyTorch's and Chainer's), default 0. */
  readonly weightDecay?: number;
} & (AdamConfig | RmsPropConfig | SgdConfig);

/**
 * Kingma and Ba 2015 (arXiv 1412.6980), Algorithm 1: w - lr mHat / (sqrt(vHat) + epsilon). The epsilon stands beside
 * the *bias-corrected* root, as in the algorithm and in PyTorch; TensorFlow's fused operation has it beside the raw one.
 */
export interface AdamConfig {
  readonly kind: 'adam';
  readonly beta1: number;
  readonly beta2: number;
  /** Default 1e-8. */
  readonly epsilon?: number;
}

/** Hinton's lecture 6e: v = decay v + (1 - decay) g^2; w - lr g / (sqrt(v) + epsilon), the epsilon outside the root as in PyTorch. */
export interface RmsPropConfig {
  readonly kind: 'rmsprop';
  /** PyTorch calls it alpha; default there .99, in TensorFlow .9. */
  readonly decay: number;
  /** Default 1e-8. */
  readonly epsilon?: number;
}

/** v = momentum v + g; w - lr v. */
export interface SgdConfig {
  readonly kind: 'sgd';
  readonly momentum?: number;
}

/** Names of the per-weight accumulators of each kind, as {@link runUpdate} takes and gives them. */
const SLOTS = { adam: ['m', 'v'], rmsprop: ['v'], sgd: ['v'] } as const;

/**
 * One player's optimizer: a slot variable per weight and accumulator, all made at the start (so that a checkpoint or a
 * trace never meets a slot that appears later), and the number of updates made.
 */
export class Optimizer {
  /** Updates made so far; Adam's t. */
  updates = 0;
  /** `slots.m[i]` belongs to `weights[i]`. */
  readonly slots: Readonly<Record<string, readonly tf.Variable[]>>;

  constructor(
    readonly config: OptimizerConfig,
    readonly weights: readonly tf.Variable[],
  ) {
    const names = config.kind === 'sgd' && !config.momentum ? [] : SLOTS[config.kind];
    this.slots = Object.fromEntries(
      names.map((slot) => [slot, weights.map((weight) => tf.tidy(() => tf.variable(tf.zeros(weight.shape), false)))]),
    );
  }

  /**
   * What the next update takes from the host: numbers that change from step to step, and so are fed to a traced move.
   * Adam: lr mHat / (sqrt(vHat) + eps) with both bias corrections drawn out of the tensors, one pass less over each weight.
   */
  coefficients(learningRate: number = this.config.learningRate): Record<'rate' | 'epsilon', number> {
    const { config } = this;
    if (config.kind === 'sgd') return { rate: learningRate, epsilon: 0 };
    const { epsilon = 1e-8 } = config;
    if (config.kind === 'rmsprop') return { rate: learningRate, epsilon };
    const t = this.updates + 1;
    const [beta1, beta2] = [Math.fround(config.beta1), Math.fround(config.beta2)]; // the averages' complements are those of single precision: 1 - fround(.999) is 1.3e-5 less than .001, relative
    const rootCorrection = Math.sqrt(1 - beta2 ** t);
    return { rate: (learningRate * rootCorrection) / (1 - beta1 ** t), epsilon: epsilon * rootCorrection };
  }

  /**
   * Moves every weight that has a gradient. Call inside `tf.tidy`, and count the update in `updates` afterwards.
   * @param gradients by position of the weight; `undefined` where the loss did not reach the weight.
   * @param coefficients those of {@link coefficients}, as tensors.
   */
  apply(gradients: readonly (tf.Tensor | undefined)[], { rate, epsilon }: Readonly<Record<'rate' | 'epsilon', tf.Scalar>>): void {
    gradients.forEach((gradient, i) => {
      if (gradient === undefined) return;
      const weight = this.weights[i] as tf.Variable;
      const { weightDecay = 0 } = this.config;
      const decayed = weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(weight, weightDecay));
      if (this.config.kind === 'sgd') weight.assign(tf.sub(weight, this.descent(this.config, decayed, i, rate)));
      else this.update(this.config, decayed, i, rate, epsilon);
    });
  }

  /** Back to the state before the first update. */
  reset(): void {
    this.updates = 0;
    for (const variables of Object.values(this.slots)) {
      for (const variable of variables) tf.tidy(() => variable.assign(tf.zeros(variable.shape)));
    }
  }

  dispose(): void {
    for (const variables of Object.values(this.slots)) tf.dispose([...variables]);
  }

  private slot(name: string, i: number): tf.Variable {
    return (this.slots[name] as readonly tf.Variable[])[i] as tf.Variable;
  }

  /** Moves weight i and its slots, by the engine's kernel where it has one. */
  private update(config: AdamConfig | RmsPropConfig, gradient: tf.Tensor, i: number, rate: tf.Scalar, epsilon: tf.Scalar): void {
    const slots = Object.fromEntries(SLOTS[config.kind].map((name) => [name, this.slot(name, i)]));
    const inputs = { weight: this.weights[i] as tf.Variable, ...slots, gradient, rate, epsilon };
    const updated = runUpdate(config.kind, inputs, config);
    [inputs.weight, ...Object.values(slots)].forEach((variable, k) => variable.assign(updated[k] as tf.Tensor));
  }

  /** The amount to subtract from weight i, given its gradient; advances the slot. */
  private descent({ momentum = 0 }: SgdConfig, gradient: tf.Tensor, i: number, rate: tf.Scalar): tf.Tensor {
    if (momentum === 0) return tf.mul(gradient, rate);
    const v = this.slot('v', i);
    v.assign(tf.add(tf.mul(v, momentum), gradient));
    return tf.mul(v, rate);
  }
}
