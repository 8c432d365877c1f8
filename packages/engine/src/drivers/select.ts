import { EngineError, type EngineName } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';

/** Makes a registered back end the current one and waits until it is ready. */
export async function selectBackend(backend: string, engine: EngineName): Promise<void> {
  if (!(await tf.setBackend(backend))) {
    throw new EngineError(`TensorFlow.js could not start its back end '${backend}'.`, { remedy: `Take another engine than '${engine}'; 'ganzoo doctor' shows which ones work.` });
  }
  await tf.ready();
}
