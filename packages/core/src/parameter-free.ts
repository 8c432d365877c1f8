import type * as tf from '@tensorflow/tfjs';

/**
 * Makes every batch norm of a network one without learnt scale and shift: gammas stay 1, betas stay 0. So it is in the
 * Theano code of DCGAN's and BiGAN's authors. (TF.js's own way to say it, `scale: false`, crashes in training.)
 */
export function makeBatchNormParameterFree(network: tf.LayersModel): void {
  for (const layer of network.layers) {
    if (layer.getClassName() !== 'BatchNormalization') continue;
    for (const weight of layer.trainableWeights) weight.trainable = false;
  }
}
