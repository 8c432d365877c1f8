import type * as tf from '@tensorflow/tfjs';
/** placeholder */
export interface Random {
  normal(shape: number[]): tf.Tensor;
}
