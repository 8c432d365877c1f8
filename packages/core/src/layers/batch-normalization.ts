import * as tf from '@tensorflow/tfjs';

/**
 * A kernel that an engine may have: batch norm in training as one operation, with gradients of first and second order.
 * Inputs x [n, h, w, c], scale [c], offset [c]; attribute epsilon; outputs y like x, the batch's mean [c] and unbiased
 * variance [c], and three that its gradient needs; gradients flow through y alone.
 */
export const BATCH_NORM_TRAINING = 'BatchNormTraining';

/** A kernel that an engine may have: inputs before and value of the same shape, attributes rate and factor; before - (before - factor value) rate. */
export const MOVING_AVERAGE = 'MovingAverage';

type Arguments = Omit<NonNullable<Parameters<typeof tf.layers.batchNormalization>[0]>, 'axis' | 'center' | 'scale'>;

/** What the layer holds beyond its public type. */
interface Internals {
  gamma: tf.LayerVariable;
  beta: tf.LayerVariable;
  movingMean: tf.LayerVariable;
  movingVariance: tf.LayerVariable;
  epsilon: number;
  momentum: number;
}

/**
 * `tf.layers.batchNormalization` over the last axis of rank 2 or 4, saved and loaded as such. Where the engine has batch
 * norm as one operation it trains by that: TF.js runs some thirty, and passes over the feature maps as often.
 */
export function batchNormalization(args: Arguments): tf.layers.Layer {
  const layer = tf.layers.batchNormalization(args);
  const stock = layer.call.bind(layer);
  layer.call = (inputs, options) => {
    const x = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor;
    const asOne = options.training === true && (x.rank === 2 || x.rank === 4) && tf.getKernel(BATCH_NORM_TRAINING, tf.getBackend()) !== undefined;
    return asOne ? tf.tidy(() => train(layer as unknown as Internals, x)) : stock(inputs, options);
  };
  return layer;
}

function train({ gamma, beta, movingMean, movingVariance, epsilon, momentum }: Internals, x: tf.Tensor): tf.Tensor {
  const maps = x.rank === 4 ? x : tf.reshape(x, [-1, 1, 1, x.shape[1] as number]);
  const inputs = { x: maps, scale: gamma.read(), offset: beta.read() };
  const [y, mean, variance] = tf.engine().runKernel(BATCH_NORM_TRAINING, inputs, { epsilon }) as [tf.Tensor, tf.Tensor, tf.Tensor];
  // The moving variance is the batch's own, as everywhere in TF.js, not an estimate of the population's.
  const count = x.size / mean.size;
  move(movingMean, mean, { rate: 1 - momentum, factor: 1 });
  move(movingVariance, variance, { rate: 1 - momentum, factor: Math.max(1, count - 1) / count });
  return tf.reshape(y, x.shape);
}

function move(variable: tf.LayerVariable, value: tf.Tensor, { rate, factor }: { readonly rate: number; readonly factor: number }): void {
  const before = variable.read();
  if (tf.getKernel(MOVING_AVERAGE, tf.getBackend())) variable.write(tf.engine().runKernel(MOVING_AVERAGE, { before, value }, { rate, factor }));
  else variable.write(tf.sub(before, tf.mul(tf.sub(before, factor === 1 ? value : tf.mul(value, factor)), rate)));
}
