import { type Random, Trainer } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { engine } from '../../../tools/engine-under-test.js';
import { course, dataset, descend, type OneWeight, oneWeight } from './support/one-weight.js';

/**
 * What a trace must not freeze, and what it must refuse: each of these made a prototype silently wrong.
 * Every variant here trains one weight w from 0 by plain gradient descent, so that its course is known in closed form.
 */
const tracer = engine?.tracer;

describe('the variables, whose values live in the engine while a trainer runs', () => {
  const variable = (trainer: Trainer): tf.Variable => trainer.model.networks.generator?.trainableWeights[0]?.read() as tf.Variable;
  const weightOf = async (trainer: Trainer): Promise<number> => (await variable(trainer).data())[0] as number;

  it('have the newest values for a callback that asks for the model, and take what it writes', async () => {
    const trainer = new Trainer({ variant: oneWeight({ loss: descend }), dataset, tracer });
    const seen: number[] = [];
    const look = async ({ step }: { step: number }): Promise<void> => {
      seen.push(await weightOf(trainer));
      if (step === 4) tf.tidy(() => variable(trainer).assign(tf.fill(variable(trainer).shape, 100)));
    };
    await trainer.train({ steps: 6, callbacks: [{ onStep: look }] });
    expect(seen).toEqual([1, 2, 3, 4, 101, 102]);
    expect(trainer.untraced).toEqual({});
    trainer.dispose();
  });

  it('have the newest values after training, also for whoever held the networks from before', async () => {
    const trainer = new Trainer({ variant: oneWeight({ loss: descend }), dataset, tracer });
    const held = variable(trainer);
    await trainer.train({ steps: 5 });
    expect((await held.data())[0]).toBe(5);
    trainer.dispose();
  });

  it('come from a restored checkpoint, in the middle of a run', async () => {
    const trainer = new Trainer({ variant: oneWeight({ loss: descend }), dataset, tracer });
    await trainer.train({ steps: 4 });
    const snapshot = await trainer.snapshot();
    await trainer.train({ steps: 6 });
    trainer.restore(snapshot);
    expect(await weightOf(trainer)).toBe(4);
    await trainer.train({ steps: 5 });
    expect(await weightOf(trainer)).toBe(5);
    trainer.dispose();
  });
});

describe('what varies is not frozen into a trace', () => {
  it('a learning rate that changes every step', async () => {
    const spec = { loss: descend, plan: (step: number) => ({ scalars: { learningRate: step + 1 } }) };
    expect(await course(spec, 6, true)).toEqual({ values: [1, 3, 6, 10, 15, 21], refusal: undefined });
  });

  it("a scalar of the plan", async () => {
    const spec: OneWeight = { loss: (w, { scalars }) => tf.mul(descend(w), scalars.get('alpha')), plan: (step) => ({ scalars: { alpha: 10 ** step } }) };
    expect(await course(spec, 5, true)).toEqual({ values: [1, 11, 111, 1111, 11_111], refusal: undefined });
  });

  it('random draws, and the order of several', async () => {
    const spec: OneWeight = {
      loss: (w, { random }) => tf.mul(w, tf.sub(tf.sum(random.normal([3])), tf.sum(random.uniform([2], 5, 6)))),
    };
    const traced = await course(spec, 6, true);
    expect(traced.refusal).toBeUndefined();
    traced.values.forEach((value, i) => expect(value).toBeCloseTo(eagerValues[i] as number, 4));
    expect(new Set(traced.values.map((value, i) => (value - (traced.values[i - 1] ?? 0)).toFixed(3))).size).toBe(6);
  });
  let eagerValues: number[];
  beforeAll(async () => {
    if (!tracer) return;
    const loss = (w: tf.Tensor, { random }: { random: Random }): tf.Scalar => tf.mul(w, tf.sub(tf.sum(random.normal([3])), tf.sum(random.uniform([2], 5, 6))));
    eagerValues = (await course({ loss }, 6, false)).values;
  });

  it('the batch', async () => {
    const spec: OneWeight = { loss: (w, { batch }) => tf.mul(w, tf.sum(batch.real)), needs: ['real'] };
    const [traced, eager] = [await course(spec, 6, true), await course(spec, 6, false)];
    expect(traced.refusal).toBeUndefined();
    traced.values.forEach((value, i) => expect(value).toBeCloseTo(eager.values[i] as number, 4));
  });

  it("a variable that began as another's clone: an average of 1, 2, 3 from 0 with decay .5 is .5, 1.25, 2.125", async () => {
    const spec: OneWeight = {
      loss: descend,
      state: (w) => ({ average: tf.tidy(() => tf.variable(w.clone(), false)) }), // shares w's data
      afterMove: (w, state) => state.get('average').assign(tf.add(tf.mul(state.get('average'), 0.5), tf.mul(w, 0.5))),
    };
    expect(await course(spec, 5, true, 'state/average')).toEqual({ values: [0.5, 1.25, 2.125, 3.0625, 4.03125], refusal: undefined });
    expect((await course(spec, 5, true)).values).toEqual([1, 2, 3, 4, 5]);
  });

  it('the size of the batch: each has a graph of its own', async () => {
    const spec: OneWeight = {
      loss: (w, { batch }) => tf.mul(descend(w), batch.real.shape[0] as number),
      needs: ['real'],
      plan: (step) => ({ batchSize: step % 2 === 0 ? 2 : 5 }),
    };
    expect(await course(spec, 6, true)).toEqual({ values: [2, 7, 9, 14, 16, 21], refusal: undefined });
  });
});

describe('what cannot be traced is refused by name, and the run goes on eagerly with the right numbers', () => {
  const ones = [1, 2, 3, 4, 5];

  it('a tensor from outside', async () => {
    const outside = tf.scalar(-1);
    const { values, refusal } = await course({ loss: (w) => tf.mul(w, outside) }, 5, true);
    expect(values).toEqual(ones);
    expect(refusal).toMatch(/Mul(tiply)? uses a tensor \[\] that was made before the move and is neither a variable nor an argument/);
    outside.dispose();
  });

  it('a number drawn on the host, frozen as a constant', async () => {
    const spec: OneWeight = { loss: (w, { random }) => tf.mul(w, random.uniformNumber(1, 2)) };
    const [traced, eager] = [await course(spec, 5, true), await course(spec, 5, false)];
    expect(traced.values).toEqual(eager.values);
    expect(traced.refusal).toMatch(/not the same computation: a constant \[\] of Mul(tiply)? changed \(1\.\d+ became 1\.\d+\)/);
  });

  it("TF.js's own random numbers", async () => {
    const { refusal } = await course({ loss: (w) => tf.mul(w, tf.sum(tf.randomNormal([3]))) }, 3, true);
    expect(refusal).toMatch(/not the same computation/);
  });

  it('a branch that is taken differently in the second move', async () => {
    let calls = 0;
    const { refusal } = await course({ loss: (w) => (calls++ === 0 ? descend(w) : (tf.square(w) as tf.Scalar)) }, 3, true);
    expect(refusal).toMatch(/not the same computation/);
  });
});
