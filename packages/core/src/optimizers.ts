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
   * What the next update takes from the host: numbers that change from step to step, and so are fed to a traced move.
   * Adam: lr mHat / (sqrt(vHat) + eps) with both bias corrections drawn out of the tensors, one pass less over each weight.
   */
  coefficients(learningRate: number = this.config.learningRate): Record<'rate' | 'epsilon', number> {
    const { config } = this;
    if (config.kind === 'sgd') return { rate: learningRate, epsilon: 0 };
    const { epsilon = 1e-8 } = config;
    if (config.kind === 'rmsprop') return { rate: learningRate, epsilon };
    const t = this.updates + 1;
    const rootCorrection = Math.sqrt(1 - config.beta2 ** t);
    return { rate: (learningRate * rootCorrection) / (1 - config.beta1 ** t), epsilon: epsilon * rootCorrection };
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
      if (this.config.kind === 'adam') this.updateByAdam(this.config, decayed, i, rate, epsilon);
      else weight.assign(tf.sub(weight, this.update(this.config, decayed, i, rate, epsilon)));
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

  private updateByAdam({ beta1, beta2 }: AdamConfig, gradient: tf.Tensor, i: number, rate: tf.Scalar, epsilon: tf.Scalar): void {
    const moved = [this.weights[i] as tf.Variable, this.slot('m', i), this.slot('v', i)] as const;
    const [weight, m, v] = moved;
    const inputs = { weight, m, v, gradient, rate, epsilon };
    const asOne = tf.getKernel(ADAM_UPDATE, tf.getBackend()) !== undefined;
    const updated = asOne ? (tf.engine().runKernel(ADAM_UPDATE, { ...inputs }, { beta1, beta2 }) as tf.Tensor[]) : adamUpdate(inputs, { beta1, beta2 });
    moved.forEach((variable, k) => variable.assign(updated[k] as tf.Tensor));
  }

  /** The amount to subtract from weight i, given its gradient; advances the slots. */
  private update(config: RmsPropConfig | SgdConfig, gradient: tf.Tensor, i: number, rate: tf.Scalar, epsilon: tf.Scalar): tf.Tensor {
    const slot = (name: string): tf.Variable => this.slot(name, i);
    switch (config.kind) {
      case 'rmsprop':
        return tf.div(tf.mul(gradient, rate), tf.add(tf.sqrt(advance(slot('v'), config.decay, tf.square(gradient))), epsilon));
      case 'sgd': {
        const { momentum = 0 } = config;
        if (momentum === 0) return tf.mul(gradient, rate);
        const v = slot('v');
        v.assign(tf.add(tf.mul(v, momentum), gradient));
        return tf.mul(v, rate);
      }
    }
  }
}

/**
 * A kernel that an engine may have: {@link adamUpdate} as one operation. Inputs those of {@link AdamInputs}, attributes beta1 and beta2.
 */
export const ADAM_UPDATE = 'AdamUpdate';

export interface AdamInputs {
  readonly weight: tf.Tensor;
  readonly m: tf.Tensor;
  readonly v: tf.Tensor;
  readonly gradient: tf.Tensor;
  /** Both with the bias corrections in them, see {@link Optimizer.coefficients}. */
  readonly rate: tf.Tensor;
  readonly epsilon: tf.Tensor;
}

/** Adam operation by operation: the new weight, m and v. */
export function adamUpdate({ weight, m, v, gradient, rate, epsilon }: AdamInputs, { beta1, beta2 }: Pick<AdamConfig, 'beta1' | 'beta2'>): [weight: tf.Tensor, m: tf.Tensor, v: tf.Tensor] {
  const newM = tf.add(tf.mul(m, beta1), tf.mul(gradient, 1 - beta1));
  const newV = tf.add(tf.mul(v, beta2), tf.mul(tf.square(gradient), 1 - beta2));
  return [tf.sub(weight, tf.div(tf.mul(newM, rate), tf.add(tf.sqrt(newV), epsilon))), newM, newV];
}

/** slot = decay slot + (1 - decay) value */
function advance(slot: tf.Variable, decay: number, value: tf.Tensor): tf.Tensor {
  slot.assign(tf.add(tf.mul(slot, decay), tf.mul(value, 1 - decay)));
  return slot;
}
