import { Optimizer, type OptimizerConfig, type Tracer } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { engine } from '../../../../tools/engine-under-test.js';

const tracer = engine?.tracer;

export interface Updated {
  readonly weight: tf.TypedArray;
  readonly slots: Readonly<Record<string, tf.TypedArray>>;
}

/** A weight and an optimizer's slots after the gradients, one after the other, each as a call of the traced update. */
export async function tracedUpdates(config: OptimizerConfig, start: readonly number[], gradients: readonly (readonly number[])[]): Promise<Updated> {
  const { record, program } = tracer as Tracer;
  const { weight, optimizer, variables, updated } = beginning(config, start);
  const before = variables.map((variable) => tf.keep(tf.clone(variable)));
  const first = operands(optimizer, start.map(() => 0));
  const recorded = record([...variables, ...first], () => {
    apply(optimizer, first);
    return [tf.zeros([]), ...variables.map((variable) => tf.clone(variable))];
  });
  variables.forEach((variable, i) => variable.assign(before[i] as tf.Tensor));

  const compiled = program(variables);
  const move = compiled.add(recorded, variables.map((_, i) => i));
  compiled.load();
  for (const gradient of gradients) {
    const fed = operands(optimizer, gradient);
    tf.dispose([fed, compiled.run(move, fed)]);
    optimizer.updates += 1;
  }
  compiled.store();
  const result = await updated();
  compiled.dispose();
  optimizer.dispose();
  tf.dispose([weight, before, first, recorded.outputs as tf.Tensor[]]);
  return result;
}

/** The same, operation by operation. */
export async function eagerUpdates(config: OptimizerConfig, start: readonly number[], gradients: readonly (readonly number[])[]): Promise<Updated> {
  const { weight, optimizer, updated } = beginning(config, start);
  for (const gradient of gradients) {
    tf.tidy(() => apply(optimizer, operands(optimizer, gradient)));
    optimizer.updates += 1;
  }
  const result = await updated();
  optimizer.dispose();
  weight.dispose();
  return result;
}

/** Gradient, rate, epsilon. */
function operands(optimizer: Optimizer, gradient: readonly number[]): tf.Tensor[] {
  const { rate, epsilon } = optimizer.coefficients();
  return [tf.tensor1d([...gradient]), tf.scalar(rate), tf.scalar(epsilon)];
}

function apply(optimizer: Optimizer, [gradient, rate, epsilon]: readonly tf.Tensor[]): void {
  optimizer.apply([gradient], { rate: rate as tf.Scalar, epsilon: epsilon as tf.Scalar });
}

function beginning(config: OptimizerConfig, start: readonly number[]) {
  const weight = tf.variable(tf.tensor1d([...start]));
  const optimizer = new Optimizer(config, [weight]);
  const slots = Object.entries(optimizer.slots).map(([name, [slot]]) => [name, slot as tf.Variable] as const);
  const updated = async (): Promise<Updated> => ({
    weight: await weight.data(),
    slots: Object.fromEntries(await Promise.all(slots.map(async ([name, slot]) => [name, await slot.data()] as const))),
  });
  return { weight, optimizer, variables: [weight, ...slots.map(([, slot]) => slot)], updated };
}
