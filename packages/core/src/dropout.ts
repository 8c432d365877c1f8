import * as tf from '@tensorflow/tfjs';
import type { Random } from './random.js';

/**
 * A network in training mode, as `train`, with dropout whose masks come from `random`: a move stays repeatable and traceable.
 * TF.js's own dropout in training mode is unseeded, or repeats one mask; in inference mode it does nothing, so a network
 * that has its `dropout` layers is saved, loaded and inferred as any other.
 *
 * Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting", with the scaling at
 * training time: x m / (1 - rate), m ~ Bernoulli(1 - rate) for every value.
 * @param network a `tf.sequential`
 */
export function trainWithDropout(network: tf.LayersModel, input: tf.Tensor, random: Random): tf.Tensor {
  if (!(network instanceof tf.Sequential)) throw new Error(`'${network.name}' is not a tf.sequential: its layers do not stand in a row.`);
  return network.layers.reduce((x, layer) => {
    if (layer.getClassName() !== 'Dropout') return layer.apply(x, { training: true }) as tf.Tensor;
    const { rate } = layer.getConfig() as { rate: number };
    const kept = tf.greaterEqual(random.uniform(x.shape), rate);
    return tf.mul(x, tf.div(tf.cast(kept, 'float32'), 1 - rate));
  }, input);
}
