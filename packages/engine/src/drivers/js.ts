import * as tf from '@tensorflow/tfjs';
import { cpu, type EngineDriver } from './driver.js';
import { selectBackend } from './select.js';

/** TensorFlow.js in plain JavaScript: the reference that tests compare with. */
export const jsDriver: EngineDriver = {
  name: 'js',
  async load() {
    await selectBackend('cpu', 'js');
    return { device: cpu(1), versions: { tfjs: tf.version.tfjs } };
  },
};
