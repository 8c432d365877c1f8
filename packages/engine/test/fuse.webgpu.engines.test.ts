import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { asOneCall } from './support/as-one-call.js';
import { numbers, wrongNumbers } from './support/compare.js';

/** Where dispatches are asked for. */
const pass = Object.getPrototypeOf((tf.backend() as unknown as { device: GPUDevice }).device.createCommandEncoder().beginComputePass()) as GPUComputePassEncoder;

/** Replays a computation of variables. */
async function replayed(variables: readonly tf.Variable[], compute: () => tf.Tensor): Promise<{ values: number[]; dispatches: number }> {
  let dispatches = 0;
  const [values] = await asOneCall(variables, () => [compute()], (call) => {
    const { dispatchWorkgroups } = pass;
    pass.dispatchWorkgroups = function counted(...groups) {
      dispatches += 1;
      dispatchWorkgroups.apply(this, groups);
    };
    try {
      return call();
    } finally {
      pass.dispatchWorkgroups = dispatchWorkgroups;
    }
  });
  return { values: [...(values as tf.TypedArray)], dispatches };
}

const SIZE = 1000;
const [x, y, z] = [numbers([SIZE], 1), numbers([SIZE], 2), numbers([SIZE], 3)];
const variables = (): [tf.Variable, tf.Variable, tf.Variable] => [x, y, z].map((values) => tf.variable(tf.tensor1d(values))) as [tf.Variable, tf.Variable, tf.Variable];

describe('operations on values one by one, as one dispatch', () => {
  const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));
  it.each<[string, (value: tf.Tensor) => tf.Tensor, (value: number) => number]>([
    ['abs', tf.abs, Math.abs],
    ['exp', tf.exp, Math.exp],
    ['neg', tf.neg, (v) => -v],
    ['relu', tf.relu, (v) => Math.max(0, v)],
    ['leakyRelu', (v) => tf.leakyRelu(v, 0.3), (v) => (v < 0 ? 0.3 * v : v)],
    ['sigmoid', tf.sigmoid, sigmoid],
    ['softplus', tf.softplus, (v) => Math.log1p(Math.exp(v))],
    ['softplus of large values', (v) => tf.softplus(tf.mul(v, 60)), (v) => Math.max(0, 60 * v) + Math.log1p(Math.exp(-Math.abs(60 * v)))],
    ['square', tf.square, (v) => v * v],
    ['sqrt and rsqrt', (v) => tf.rsqrt(tf.add(tf.sqrt(tf.add(v, 3)), 1)), (v) => 1 / Math.sqrt(Math.sqrt(v + 3) + 1)],
    ['tanh', tf.tanh, Math.tanh],
  ])('%s', async (_, operation, expected) => {
    const all = variables();
    const [a, b, c] = all;
    const { values, dispatches } = await replayed(all, () => tf.mul(operation(tf.add(a, b)), c));
    expect(wrongNumbers(values, x.map((value, i) => expected(value + (y[i] as number)) * (z[i] as number)))).toEqual([]);
    expect(dispatches).toBe(1);
    tf.dispose(all);
  });

  it.each<[string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor, (a: number, b: number) => number]>([
    ['add', tf.add, (a, b) => a + b],
    ['sub', tf.sub, (a, b) => a - b],
    ['mul', tf.mul, (a, b) => a * b],
    ['div', (a, b) => tf.div(a, tf.add(b, 3)), (a, b) => a / (b + 3)],
    ['squaredDifference', tf.squaredDifference, (a, b) => (a - b) ** 2],
  ])('%s, on either side', async (_, operation, expected) => {
    const all = variables();
    const [a, b, c] = all;
    const left = await replayed(all, () => operation(tf.mul(a, b), c));
    const right = await replayed(all, () => operation(c, tf.mul(a, b)));
    expect(wrongNumbers(left.values, x.map((value, i) => expected(value * (y[i] as number), z[i] as number)))).toEqual([]);
    expect(wrongNumbers(right.values, x.map((value, i) => expected(z[i] as number, value * (y[i] as number))))).toEqual([]);
    expect([left.dispatches, right.dispatches]).toEqual([1, 1]);
    tf.dispose(all);
  });

  it('a bias and a factor that are smaller than the map', async () => {
    const [map, bias, factor] = [tf.variable(tf.tensor4d(x, [5, 5, 4, 10])), tf.variable(tf.tensor4d(y.slice(0, 10), [1, 1, 1, 10])), tf.variable(tf.scalar(2.5))];
    const { values, dispatches } = await replayed([map, bias, factor], () => tf.mul(tf.leakyRelu(tf.add(map, bias), 0.2), factor));
    const expected = x.map((value, i) => value + (y[i % 10] as number)).map((value) => 2.5 * (value < 0 ? 0.2 * value : value));
    expect([wrongNumbers(values, expected), dispatches]).toEqual([[], 1]);
    tf.dispose([map, bias, factor]);
  });

  it('a factor of a middle axis is left to TensorFlow.js', async () => {
    const [map, factor] = [tf.variable(tf.tensor3d(x, [10, 10, 10])), tf.variable(tf.tensor3d(y.slice(0, 10), [1, 10, 1]))];
    const { values, dispatches } = await replayed([map, factor], () => tf.neg(tf.mul(tf.square(map), factor)));
    expect([wrongNumbers(values, x.map((value, i) => -(value * value) * (y[Math.floor(i / 10) % 10] as number))), dispatches]).toEqual([[], 3]);
    tf.dispose([map, factor]);
  });

  it('what two need is computed once, and what is asked for comes to memory', async () => {
    const all = variables();
    const [a, b, c] = all;
    const { values, dispatches } = await replayed(all, () => {
      const both = tf.add(a, b);
      return tf.add(tf.square(both), tf.mul(both, c));
    });
    expect(wrongNumbers(values, x.map((value, i) => (value + (y[i] as number)) ** 2 + (value + (y[i] as number)) * (z[i] as number)))).toEqual([]);
    expect(dispatches).toBe(2); // a + b, and all that follows
    tf.dispose(all);
  });
});
