import * as tf from '@tensorflow/tfjs';
import { spectralNorms } from './layers/spectral.js';
import type { Random } from './random.js';

export interface NormalInitialization {
  /**
   * Standard deviation of kernels (mean 0). `he`: sqrt(2 / inputs of a unit), for dense and conv2d layers followed by
   * ReLU (He et al. 2015, arXiv 1502.01852, eq. 10).
   */
  readonly kernelSd: number | 'he';
  /** Standard deviation of batch norm's gamma (mean 1); default 0: gamma is 1. */
  readonly gammaSd?: number;
}

/**
 * Sets a network's weights: kernels and gammas to Gaussian draws, spectral norm's u to a random direction, everything
 * else to what its layer starts with.
 *
 * TF.js's own initializers draw from an unseeded or a per-layer seeded generator; here each weight draws from a stream
 * of its own name, so a network's start does not depend on what else was built before it. The layers keep stock
 * initializers in their config, so that a saved network loads without us.
 */
export function initializeNormal(network: tf.LayersModel, random: Random, { kernelSd, gammaSd = 0 }: NormalInitialization): void {
  for (const layer of network.layers) {
    for (const weight of layer.trainableWeights) {
      const role = weight.originalName.split('/').at(-1);
      const draw = (mean: number, sd: number): void =>
        tf.tidy(() => {
          weight.write(random.fork(weight.originalName).normal(weight.shape as number[], mean, sd));
        });
      if (role === 'kernel') draw(0, kernelSd === 'he' ? heSd(weight.shape as number[]) : kernelSd);
      else if (role === 'gamma' && gammaSd > 0) draw(1, gammaSd);
    }
  }
  for (const norm of spectralNorms(network)) norm.start(random);
}

/** @param shape of a kernel: [...inputs of a unit, units]. */
function heSd(shape: readonly number[]): number {
  return Math.sqrt(2 / shape.slice(0, -1).reduce((product, side) => product * side, 1));
}
