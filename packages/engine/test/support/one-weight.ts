import { defineVariant, type Model, type Move, type Plan, Trainer } from '@ganzoo/core';
import { syntheticDataset } from '@ganzoo/core/testing';
import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { engine } from '../../../../tools/engine-under-test.js';

/** A variant that trains one weight w from 0 by plain gradient descent, so that its course is known in closed form. */
export const dataset = syntheticDataset({ name: 'points', kind: 'vectors', shape: [2] });

export interface OneWeight {
  /** The gradient with respect to w is that of this loss. */
  readonly loss: (w: tf.Tensor, move: Move) => tf.Scalar;
  readonly state?: (w: tf.Variable) => Record<string, tf.Variable>;
  readonly afterMove?: (w: tf.Variable, state: Move['state']) => void;
  readonly plan?: (step: number) => Plan;
  readonly needs?: 'real'[];
}

export function oneWeight({ loss, state, afterMove, plan, needs = [] }: OneWeight) {
  return defineVariant({
    name: 'one-weight',
    paper: { title: '', authors: '', year: 2026, url: '' },
    task: 'generation',
    requires: {},
    config: z.object({}),
    build(): Model<'generator'> {
      const generator = tf.sequential({ layers: [tf.layers.dense({ name: 'w', units: 1, useBias: false, inputShape: [1], kernelInitializer: 'zeros' })] });
      const w = generator.trainableWeights[0]?.read() as tf.Variable;
      return {
        networks: { generator },
        averaged: [],
        batchSize: 4,
        ...(state && { state: state(w) }),
        ...(plan && { plan }),
        players: [
          {
            name: 'player',
            trains: ['generator'],
            needs,
            optimizer: { kind: 'sgd', learningRate: 1 },
            loss: (move) => ({ total: loss(tf.sum(generator.apply(tf.ones([1, 1]), { training: true }) as tf.Tensor), move) }),
            ...(afterMove && { afterMove: ({ state: values }) => afterMove(w, values) }),
          },
        ],
      };
    },
  });
}

/** The weight (or the state of that name) after each step, and why it was not traced, if it was not. */
export async function course(spec: OneWeight, steps: number, traced: boolean, seen = 'networks/generator/w/kernel') {
  const trainer = new Trainer({ variant: oneWeight(spec), dataset, tracer: traced ? engine?.tracer : undefined });
  const values: number[] = [];
  const look = async (): Promise<void> => {
    const { tensors } = await trainer.snapshot();
    values.push(new Float32Array(new Uint8Array(tensors[seen]?.data ?? []).buffer)[0] as number);
  };
  await trainer.train({ steps, callbacks: [{ onStep: look }] });
  const refusal = trainer.untraced.player;
  trainer.dispose();
  return { values, refusal };
}

export const descend = (w: tf.Tensor): tf.Scalar => tf.neg(w) as tf.Scalar; // w grows by the learning rate
