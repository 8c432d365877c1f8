import { type Callback, defineVariant, type Model, type Move, type Plan, type Player, type Tracer, Trainer } from '@ganzoo/core';
import { syntheticDataset } from '@ganzoo/core/testing';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { engine } from '../../../tools/engine-under-test.js';

/**
 * Moves of a step that become one call together. Two networks of one weight each: a critic u that grows by 1 a move, and a
 * generator w that grows by u, so that the course says which u a move has seen. All in closed form.
 */
const dataset = syntheticDataset({ name: 'points', kind: 'vectors', shape: [2] });

const tracer = engine?.tracer;

type Nets = 'critic' | 'generator';
type Weights = Readonly<Record<Nets, tf.Scalar>>;
type Loss<Result> = (weights: Weights, move: Move<Nets>) => Result;

interface Pair {
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
async function course(spec: Pair, steps: number, { traced = true, emaDecay = 0, callback = {} }: { traced?: boolean; emaDecay?: number; callback?: Callback } = {}) {
  let calls = 0;
  const counting: Tracer = {
    record: (tracer as Tracer).record,
    program(variables) {
      const program = (tracer as Tracer).program(variables);
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

describe('the moves of a step as one call', () => {
  it('a move sees what the one before it has changed, and the weight average follows', async () => {
    const { us, ws, averages, untraced, calls } = await course({}, 5, { emaDecay: 0.5 });
    expect(us).toEqual([1, 2, 3, 4, 5]);
    expect(ws).toEqual([1, 3, 6, 10, 15]);
    expect(averages).toEqual([0.5, 1.75, 3.875, 6.9375, 10.96875]);
    expect(untraced).toEqual({});
    expect(calls).toBe(1);
  });

  it('what a move shares reaches the later ones, within a call and from call to call', async () => {
    const sharing: Pair = {
      criticLoss: ({ critic }, { random }) => ({ total: tf.neg(critic), shared: { drawn: random.uniform([3], 1, 2) } }),
      generatorLoss: ({ generator }, { shared }) => tf.neg(tf.mul<tf.Scalar>(generator, tf.sum(shared.get('drawn')))),
    };
    for (const [spec, calls] of [[sharing, 1], [{ ...sharing, plan: () => ({ moves: { critic: 3 } }) }, 4]] as const) {
      const [traced, eager] = [await course(spec, 5), await course(spec, 5, { traced: false })];
      expect(traced.untraced).toEqual({});
      expect(traced.calls).toBe(calls);
      traced.ws?.forEach((value, i) => expect(value).toBeCloseTo(eager.ws?.[i] as number, 4));
      expect(new Set(traced.ws?.map((value, i) => (value - (traced.ws?.[i - 1] ?? 0)).toFixed(3))).size).toBe(5);
    }
  });

  it('a player that moves several times moves in calls of its own', async () => {
    const { us, ws, untraced, calls } = await course({ plan: (step) => ({ moves: { critic: step === 0 ? 4 : 2 } }) }, 4);
    expect(us).toEqual([4, 6, 8, 10]);
    expect(ws).toEqual([4, 10, 18, 28]);
    expect(untraced).toEqual({});
    expect(calls).toBe(3);
  });

  it('someone who looks after every move finds it made, and the next one not', async () => {
    const seen: [string, number, number][] = [];
    const onMove: Callback['onMove'] = async ({ trainer, player }) => {
      const value = async (network: Nets): Promise<number> => ((await trainer.model.networks[network]?.weights[0]?.read().data()) as Float32Array)[0] as number;
      seen.push([player.name, await value('critic'), await value('generator')]);
    };
    const { ws, averages, untraced, calls } = await course({}, 3, { emaDecay: 0.5, callback: { onMove } });
    expect(seen).toEqual([['critic', 1, 0], ['generator', 1, 1], ['critic', 2, 1], ['generator', 2, 3], ['critic', 3, 3], ['generator', 3, 6]]);
    expect(ws).toEqual([1, 3, 6]);
    expect(averages).toEqual([0.5, 1.75, 3.875]);
    expect(untraced).toEqual({});
    expect(calls).toBe(2);
  });

  // In Node WebGPU cannot read at once at all.
  if (engine?.name !== 'webgpu') it('when one of them cannot be traced, the others still are, and nothing is left behind', async () => {
    const before = tf.memory().numTensors;
    const reads: Pair = { generatorLoss: ({ critic, generator }) => ((critic.dataSync()[0] as number) > 1e9 ? generator : tf.neg(tf.mul<tf.Scalar>(generator, critic))) };
    const { us, ws, averages, untraced, calls } = await course(reads, 5, { emaDecay: 0.5 });
    expect(us).toEqual([1, 2, 3, 4, 5]);
    expect(ws).toEqual([1, 3, 6, 10, 15]);
    expect(averages).toEqual([0.5, 1.75, 3.875, 6.9375, 10.96875]);
    expect(untraced).toEqual({ 'critic + generator': expect.stringMatching(/on the host/) as string, generator: expect.stringMatching(/on the host/) as string });
    expect(calls).toBe(1);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('two players whose Adam moves the same weight make their moves in two calls', async () => {
    const adam = { kind: 'adam', learningRate: 0.1, beta1: 0.5, beta2: 0.9 } as const;
    const spec: Pair = { generatorLoss: ({ critic }) => tf.neg(critic), players: (usual) => usual.map((player) => ({ ...player, trains: ['critic'], optimizer: adam })) };
    const [traced, eager] = [await course(spec, 5), await course(spec, 5, { traced: false })];
    expect(Object.keys(traced.untraced)).toEqual(['critic + generator']);
    expect(traced.untraced['critic + generator']).toMatch(/update moves something that is no variable/);
    expect(traced.calls).toBe(2);
    traced.us?.forEach((value, i) => expect(value).toBeCloseTo(eager.us?.[i] as number, 5));
    expect(traced.us?.[4]).toBeCloseTo(1, 4); // ten steps of .1: Adam's step is the rate while the gradient is the same
  });
});
