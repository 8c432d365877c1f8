/** A process that fills a GPU with tensors that it keeps, and prints how many there were and what then went wrong. */
import * as tf from '@tensorflow/tfjs';
import { loadEngine } from '../../src/index.js';

await loadEngine('webgpu');
const kept: tf.Tensor[] = [];
try {
  for (;;) {
    const one = tf.tidy(() => tf.tile(tf.ones([1, 1024]), [128 * 1024, 1])); // 512 MiB
    kept.push(one);
    const sum = tf.sum(one);
    await sum.data();
    sum.dispose();
  }
} catch (error) {
  const { name, message } = error as Error;
  console.log(JSON.stringify({ tensors: kept.length, error: { name, message } }));
}
