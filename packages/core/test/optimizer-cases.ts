import type { OptimizerConfig } from '@ganzoo/core';

/** What a weight comes to under every update rule, computed in float64 by reference/optimizers.py. */
export const START = 1.5;
export const GRADIENTS = [0.5, -1.25, 0.03, 2, -0.4];

const adam = { kind: 'adam', learningRate: 0.1, beta1: 0.5, beta2: 0.9 } as const;
export const rmsprop = { kind: 'rmsprop', learningRate: 0.1, decay: 0.9 } as const;

/** The weight after all gradients. */
export const optimizerCases: readonly [name: string, OptimizerConfig, weight: number][] = [
  ['adam', adam, 1.4064008851902485],
  ['adam with a large epsilon, which tells where it stands', { ...adam, epsilon: 0.1 }, 1.419993079540026],
  ['adam with weight decay', { ...adam, weightDecay: 0.3 }, 1.2594862190378915],
  ['rmsprop', rmsprop, 1.257215050428747],
  ['rmsprop with a large epsilon', { ...rmsprop, epsilon: 0.1 }, 1.3500688476288627],
  ['sgd', { kind: 'sgd', learningRate: 0.1 }, 1.412],
  ['sgd with momentum', { kind: 'sgd', learningRate: 0.1, momentum: 0.9 }, 1.37699],
];
