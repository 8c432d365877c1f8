import * as tf from '@tensorflow/tfjs';

/**
 * Kernels that an engine may have: an optimizer's update of one weight as one operation, with the inputs, in this order, and the attributes of the
 * composed ones. The outputs are the new values of the first inputs, the weight and its slots.
 */
export const UPDATES = {
  adam: { kernel: 'AdamUpdate', inputs: ['weight', 'm', 'v', 'gradient', 'rate', 'epsilon'], attributes: ['beta1', 'beta2'], compose: adamUpdate },
  rmsprop: { kernel: 'RmsPropUpdate', inputs: ['weight', 'v', 'gradient', 'rate', 'epsilon'], attributes: ['decay'], compose: rmsPropUpdate },
} as const;

interface UpdateInputs {
  readonly weight: tf.Tensor;
  readonly gradient: tf.Tensor;
  /** Adam's have the bias corrections in them, see `Optimizer.coefficients`. */
  readonly rate: tf.Tensor;
  readonly epsilon: tf.Tensor;
}

/** @returns the new weight and slots, by the engine's kernel where it has one. */
export function runUpdate(kind: keyof typeof UPDATES, inputs: tf.NamedTensorMap, config: object): tf.Tensor[] {
  const { kernel, attributes, compose } = UPDATES[kind];
  const values = Object.fromEntries(attributes.map((name) => [name, (config as Record<string, number>)[name] as number]));
  const asOne = tf.getKernel(kernel, tf.getBackend()) !== undefined;
  return asOne ? (tf.engine().runKernel(kernel, inputs, values) as tf.Tensor[]) : compose(inputs as never, values as never);
}

function adamUpdate({ weight, m, v, gradient, rate, epsilon }: UpdateInputs & { readonly m: tf.Tensor; readonly v: tf.Tensor }, { beta1, beta2 }: { readonly beta1: number; readonly beta2: number }): tf.Tensor[] {
  const newM = moved(m, gradient, beta1);
  const newV = moved(v, tf.square(gradient), beta2);
  return [tf.sub(weight, tf.div(tf.mul(newM, rate), tf.add(tf.sqrt(newV), epsilon))), newM, newV];
}

function rmsPropUpdate({ weight, v, gradient, rate, epsilon }: UpdateInputs & { readonly v: tf.Tensor }, { decay }: { readonly decay: number }): tf.Tensor[] {
  const newV = moved(v, tf.square(gradient), decay);
  return [tf.sub(weight, tf.div(tf.mul(gradient, rate), tf.add(tf.sqrt(newV), epsilon))), newV];
}

/**
 * decay average + (1 - decay) value, in the order of TensorFlow's kernels, which also take one less the decay in single precision: so that a
 * traced move, which runs them, has the last bit of one that is composed.
 */
function moved(average: tf.Tensor, value: tf.Tensor, decay: number): tf.Tensor {
  return tf.add(average, tf.mul(tf.sub(value, average), 1 - Math.fround(decay)));
}
