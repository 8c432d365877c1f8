import { type Callback, defineVariant, type Engine, type Model, type Move, type Plan, type Player, type Tracer, Trainer } from '@ganzoo/core';
import { syntheticDataset } from '@ganzoo/core/testing';
import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { engine } from '../../../../tools/engine-under-test.js';

/** Two networks of one weight each: a critic u that grows by 1 a move, and a generator w that grows by u, so that the course says which u a move has seen. */
const dataset = syntheticDataset({ name: 'points', kind: 'vectors', shape: [2] });

export type Nets = 'critic' | 'generator';
type Weights = Readonly<Record<Nets, tf.Scalar>>;
type Loss<Result> = (weights: Weights, move: Move<Nets>) => Result;

export interface Pair {
  readonly criticLoss?: Loss<ReturnType<Player<Nets>['loss']>>;
  readonly generatorLoss?: Loss<tf.Scalar>;
  readonly plan?: (step: number) => Plan;
  readonly players?: (usual: readonly Player<Nets>[]) => Player<Nets>[];
}

const growing: Loss<ReturnType<Player<Nets>['loss']>> = ({ critic }) => ({ total: tf.neg(critic) });
const growingByCritic: Loss<tf.Scalar> = ({ critic, generator }) => tf.neg(tf.mul<tf.Scalar>(generator, critic));

function pair({ criticLoss = growing, generatorLoss = growingByCritic, plan, players = (usual) => [...usual] }: Pair) {
  return defineVariant({
    name: 'pair',
    paper: { title: '', authors: '', year: 2026, url: '' },
    task: 'generation',
    requires: {},
    config: z.object({}),
    build(): Model<Nets> {
      const one = (name: string): tf.LayersModel =>
        tf.sequential({ name, layers: [tf.layers.dense({ name: 'dense', units: 1, useBias: false, inputShape: [1], kernelInitializer: 'zeros' })] });
      const networks = { critic: one('critic'), generator: one('generator') };
      const weights = (): Weights => {
        const value = (network: tf.LayersModel): tf.Scalar => tf.sum(network.apply(tf.ones([1, 1]), { training: true }) as tf.Tensor);
        return { critic: value(networks.critic), generator: value(networks.generator) };
      };
      const optimizer = { kind: 'sgd', learningRate: 1 } as const;
      return {
        networks,
        averaged: ['generator'],
        batchSize: 4,
        ...(plan && { plan }),
        players: players([
          { name: 'critic', trains: ['critic'], needs: ['real'], optimizer, loss: (move) => criticLoss(weights(), move) },
          { name: 'generator', trains: ['generator'], needs: [], optimizer, loss: (move) => ({ total: generatorLoss(weights(), move) }) },
        ]),
      };
    },
  });
}

/** Values of u, w and w's average after each step, what was not traced, and how many calls the last step took. */
export async function course(spec: Pair, steps: number, { traced = true, emaDecay = 0, callback = {} }: { traced?: boolean; emaDecay?: number; callback?: Callback } = {}) {
  let calls = 0;
  const { record, program: programOf } = (engine as Engine).tracer as Tracer;
  const counting: Tracer = {
    record,
    program(variables) {
      const program = programOf(variables);
      const { run } = program;
      program.run = (...args) => {
        calls += 1;
        return run.apply(program, args);
      };
      return program;
    },
  };
  const trainer = new Trainer({ variant: pair(spec), dataset, emaDecay, tracer: traced ? counting : undefined });
  const [us, ws, averages, callsOf]: number[][] = [[], [], [], []] as number[][];
  const look: Callback = {
    async onStep() {
      const { tensors } = await trainer.snapshot();
      const read = (name: string): number | undefined => tensors[name] && (new Float32Array(new Uint8Array(tensors[name].data).buffer)[0] as number);
      us?.push(read('networks/critic/dense/kernel') as number);
      ws?.push(read('networks/generator/dense/kernel') as number);
      averages?.push(read('averages/generator/dense/kernel') ?? 0);
      callsOf?.push(calls);
      calls = 0;
    },
  };
  await trainer.train({ steps, callbacks: [look, callback] });
  const { untraced } = trainer;
  trainer.dispose();
  return { us, ws, averages, untraced, calls: callsOf?.at(-1) };
}
