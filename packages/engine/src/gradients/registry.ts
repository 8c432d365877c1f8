import * as tf from '@tensorflow/tfjs';

/** The gradients of one kernel's inputs, by the inputs' names; each is computed only if it is asked for. */
type GradFunc = (dy: tf.Tensor, saved: tf.Tensor[], attrs: tf.NamedAttrMap) => Record<string, () => tf.Tensor>;

/** A gradient to put in the place of TensorFlow.js's own. */
export interface Correction extends Omit<tf.GradConfig, 'gradFunc'> {
  readonly gradFunc: GradFunc;
}

/** Puts a gradient in the place of the registered one, if there is one. */
export function register({ gradFunc, ...config }: Correction): void {
  if (tf.getGradient(config.kernelName)) tf.unregisterGradient(config.kernelName); // or it warns in debug mode
  tf.registerGradient({ ...config, gradFunc: (dy, saved, attrs) => gradFunc(dy as tf.Tensor, saved, attrs) });
}
