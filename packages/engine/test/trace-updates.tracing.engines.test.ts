import { Optimizer, type OptimizerConfig, type Tracer } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { engine } from '../../../tools/engine-under-test.js';
import { GRADIENTS, optimizerCases, rmsprop, START } from '../../core/test/optimizer-cases.js';

const tracer = engine?.tracer;

/** Applies the gradients one after the other, each as a call of the traced update. @returns the weight, and the slots */
async function traced(config: OptimizerConfig): Promise<{ weight: number; slots: Record<string, number> }> {
  const { record, program } = tracer as Tracer;
  const weight = tf.variable(tf.tensor1d([START, 0]));
  const optimizer = new Optimizer(config, [weight]);
  const slots = Object.entries(optimizer.slots).map(([name, [slot]]) => [name, slot as tf.Variable] as const);
  const variables = [weight, ...slots.map(([, slot]) => slot)];
  const before = variables.map((variable) => tf.keep(tf.clone(variable)));
  const inputs = (gradient: number): tf.Tensor[] => [tf.tensor1d([gradient, 0]), ...Object.values(optimizer.coefficients()).map((value) => tf.scalar(value))];
  const first = inputs(0);
  const recorded = record([...variables, ...first], () => {
    const [gradient, rate, epsilon] = first as [tf.Tensor, tf.Scalar, tf.Scalar];
    optimizer.apply([gradient], { rate, epsilon });
    return [tf.zeros([]), ...variables.map((variable) => tf.clone(variable))];
  });
  variables.forEach((variable, i) => variable.assign(before[i] as tf.Tensor));

  const compiled = program(variables);
  const move = compiled.add(recorded, variables.map((_, i) => i));
  compiled.load();
  for (const gradient of GRADIENTS) {
    const fed = inputs(gradient);
    tf.dispose([fed, compiled.run(move, fed)]);
    optimizer.updates += 1;
  }
  compiled.store();
  const value = async (variable: tf.Variable): Promise<number> => (await variable.data())[0] as number;
  const result = { weight: await value(weight), slots: Object.fromEntries(await Promise.all(slots.map(async ([name, slot]) => [name, await value(slot)] as const))) };
  compiled.dispose();
  optimizer.dispose();
  tf.dispose([weight, before, first, recorded.outputs as tf.Tensor[]]);
  return result;
}

describe('updates in place equal the rules of their papers, computed in float64 by core/test/reference/optimizers.py', () => {
  it.each(optimizerCases)('%s', async (_, config, expected) => {
    expect((await traced(config)).weight).toBeCloseTo(expected, 5);
  });

  it("rmsprop's slot is the mean square alone", async () => {
    // .1 g^2 of each gradient, decayed by .9 for every later one
    const expected = GRADIENTS.reduce((v, g) => 0.9 * v + 0.1 * g * g, 0);
    expect((await traced(rmsprop)).slots).toEqual({ v: expect.closeTo(expected, 6) as number });
  });
});
