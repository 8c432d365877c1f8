import { ADAM_UPDATE, adamUpdate, type AdamInputs } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { asOneNode } from '../trace/recording.js';

/** Under a recorder one node, which a program runs in place; else composed. */
export function registerAdam(): void {
  tf.registerKernel({
    kernelName: ADAM_UPDATE,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, attrs }) => {
      const betas = attrs as unknown as { readonly beta1: number; readonly beta2: number };
      const named = inputs as unknown as AdamInputs;
      const { weight, m, v, gradient, rate, epsilon } = named;
      return asOneNode(ADAM_UPDATE, { beta1: betas.beta1, beta2: betas.beta2 }, [weight, m, v, gradient, rate, epsilon], () => tf.tidy(() => adamUpdate(named, betas)));
    },
  });
}
