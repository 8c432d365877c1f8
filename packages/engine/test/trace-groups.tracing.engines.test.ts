import type { Callback } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { course, type Nets, type Pair } from './support/pair.js';

/** Moves of a step that become one call together. All in closed form. */
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
      const value = async (network: Nets): Promise<number> => {
        const [weight] = (trainer.model.networks[network] as tf.LayersModel).weights as [tf.LayerVariable];
        return (await weight.read().data())[0] as number;
      };
      seen.push([player.name, await value('critic'), await value('generator')]);
    };
    const { ws, averages, untraced, calls } = await course({}, 3, { emaDecay: 0.5, callback: { onMove } });
    expect(seen).toEqual([['critic', 1, 0], ['generator', 1, 1], ['critic', 2, 1], ['generator', 2, 3], ['critic', 3, 3], ['generator', 3, 6]]);
    expect(ws).toEqual([1, 3, 6]);
    expect(averages).toEqual([0.5, 1.75, 3.875]);
    expect(untraced).toEqual({});
    expect(calls).toBe(2);
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
