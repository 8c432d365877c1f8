import * as tf from '@tensorflow/tfjs';
import { cpu, type EngineDriver } from './driver.js';
import { selectBackend } from './select.js';

/** TensorFlow.js in plain JavaScript: the reference that tests compare with. */
export const jsDriver: EngineDriver = {
  name: 'js',
  async load() {
    await selectBackend('cpu', 'js');
    withoutAdvice(() => tf.zeros([1]).dispose());
    return { device: cpu(1), versions: { tfjs: tf.version.tfjs } };
  },
};

/** TensorFlow.js uses the first operation to advise installing tfjs-node; whoever asks for `js` by name knows that. */
function withoutAdvice(firstOperation: () => void): void {
  tf.env().set('PROD', true);
  firstOperation();
  tf.env().set('PROD', false);
}
