import * as tf from '@tensorflow/tfjs';

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

/** Names of the per-weight accumulators of each kind. */
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
   * Moves every weight that has a gradient. Call inside `tf.tidy`.
   * @param gradients by position of the weight; `undefined` where the loss did not reach the weight.
   */
  apply(gradients: readonly (tf.Tensor | undefined)[], learningRate: number = this.config.learningRate): void {
    this.updates += 1;
    const update = this.rule(learningRate);
    gradients.forEach((gradient, i) => {
      if (gradient === undefined) return;
      const weight = this.weights[i] as tf.Variable;
      const decay = this.config.weightDecay ?? 0;
      const decayed = decay === 0 ? gradient : tf.add(gradient, tf.mul(weight, decay));
      weight.assign(tf.sub(weight, update(decayed, i)));
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

  /** The amount to subtract from weight i, given its gradient; advances the slots. */
  private rule(learningRate: number): (gradient: tf.Tensor, i: number) => tf.Tensor {
    const { config } = this;
    const slot = (name: string, i: number): tf.Variable => (this.slots[name] as readonly tf.Variable[])[i] as tf.Variable;
    const average = (variable: tf.Variable, decay: number, value: tf.Tensor): tf.Tensor => {
      variable.assign(tf.add(tf.mul(variable, decay), tf.mul(value, 1 - decay)));
      return variable;
    };
    switch (config.kind) {
      case 'adam': {
        const { beta1, beta2, epsilon = 1e-8 } = config;
        // lr mHat / (sqrt(vHat) + eps) with both corrections drawn out of the tensors: one pass less over each weight.
        const rootCorrection = Math.sqrt(1 - beta2 ** this.updates);
        const rate = (learningRate * rootCorrection) / (1 - beta1 ** this.updates);
        return (g, i) => {
          const m = average(slot('m', i), beta1, g);
          const v = average(slot('v', i), beta2, tf.square(g));
          return tf.div(tf.mul(m, rate), tf.add(tf.sqrt(v), epsilon * rootCorrection));
        };
      }
      case 'rmsprop': {
        const { decay, epsilon = 1e-8 } = config;
        return (g, i) => tf.div(tf.mul(g, learningRate), tf.add(tf.sqrt(average(slot('v', i), decay, tf.square(g))), epsilon));
      }
      case 'sgd': {
        const { momentum = 0 } = config;
        if (momentum === 0) return (g) => tf.mul(g, learningRate);
        return (g, i) => {
          const v = slot('v', i);
          v.assign(tf.add(tf.mul(v, momentum), g));
          return tf.mul(v, learningRate);
        };
      }
    }
  }
}
