import * as tf from '@tensorflow/tfjs';

/** An input's shape, and its values as a function of a number in [-1, 1] and the index. */
export interface Input {
  readonly shape: number[];
  values(u: number, i: number): number;
}
export type Operation = (...inputs: [tf.Tensor, tf.Tensor, tf.Tensor]) => tf.Tensor;
export type Case = [name: string, inputs: Input[], operation: Operation];

export function smooth(shape: number[], shift = 0): Input {
  return { shape, values: (u) => u + shift };
}

/** Values of [-range, range] of which none is nearer than .2 to a kink. */
export function away(shape: number[], kinks: number[], range = 1.5): Input {
  return {
    shape,
    values: (u) => {
      const value = range * u;
      const near = kinks.find((kink) => Math.abs(kink - value) < 0.2);
      return near === undefined ? value : near + (value < near ? -0.21 : 0.21);
    },
  };
}

/** Step of the differences; what they leave out goes with its fourth power. */
const STEP = 0.02;

/** Weights, points and directions: any fixed irregular numbers in [-1, 1]. */
const noise = (seed: number) => (i: number): number => Math.sin(12.9898 * (i + 1) + 78.233 * seed + ((i * i * 7) % 13));

function pointsOf(inputs: readonly Input[]): number[][] {
  return inputs.map(({ shape, values }, k) => Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => values(noise(k)(i), i)));
}

function directionsOf(inputs: readonly Input[]): number[][] {
  return inputs.map(({ shape }, k) => Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => noise(k + 10)(i)));
}

function tensorsOf(inputs: readonly Input[], values: readonly number[][]): tf.Tensor[] {
  return inputs.map(({ shape }, k) => tf.tensor(values[k] as number[], shape));
}

const run = (operation: Operation, tensors: readonly tf.Tensor[]): tf.Tensor => operation(...(tensors as [tf.Tensor, tf.Tensor, tf.Tensor]));

/** The functional f = sum of c (y + y^2 / 2), as a tensor. */
function functional(y: tf.Tensor): tf.Scalar {
  const weights = tf.tensor(Array.from({ length: y.size }, (_, i) => noise(20)(i)), y.shape);
  return tf.sum(tf.mul(weights, tf.add(y, tf.mul(0.5, tf.mul(y, y)))));
}

/** The same on the host, in double: what is left of single precision is in y. */
function functionalOf(y: ArrayLike<number>): number {
  return Array.from(y).reduce((sum, value, i) => sum + noise(20)(i) * (value + 0.5 * value * value), 0);
}

/** Reads the tensors, and disposes them. */
async function dot(tensors: readonly tf.Tensor[], values: readonly number[][]): Promise<number> {
  const read = await Promise.all(tensors.map((tensor) => tensor.data()));
  tf.dispose([...tensors]);
  return read.reduce((sum, numbers, k) => Array.from(numbers).reduce((all, value, i) => all + value * ((values[k] as number[])[i] as number), sum), 0);
}

const gradients = (operation: Operation, tensors: readonly tf.Tensor[]): tf.Tensor[] => tf.grads((...xs: tf.Tensor[]) => functional(run(operation, xs)))([...tensors]);

/** grad f . v, by back-propagation. */
export function gradientAlong(inputs: readonly Input[], operation: Operation): Promise<number> {
  return dot(tf.tidy(() => gradients(operation, tensorsOf(inputs, pointsOf(inputs)))), directionsOf(inputs));
}

/** w . H v, by back-propagation through back-propagation. */
export function secondAlong(inputs: readonly Input[], operation: Operation): Promise<number> {
  const second = tf.tidy(() => {
    const weights = tensorsOf(inputs, secondDirectionsOf(inputs));
    const along = (...xs: tf.Tensor[]): tf.Scalar => tf.addN(gradients(operation, xs).map((gradient, k) => tf.sum(tf.mul(gradient, weights[k] as tf.Tensor)))) as tf.Scalar;
    return tf.grads(along)(tensorsOf(inputs, pointsOf(inputs)));
  });
  return dot(second, directionsOf(inputs));
}

function secondDirectionsOf(inputs: readonly Input[]): number[][] {
  return inputs.map(({ shape }, k) => Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => noise(k + 30)(i)));
}

/**
 * The derivative along v of f, or of w . grad f, by central differences of fourth order; and the size of what was
 * subtracted, to which its error in single precision is relative.
 */
export async function directional(inputs: readonly Input[], operation: Operation, of: 'value' | 'gradient'): Promise<{ expected: number; scale: number }> {
  const [points, directions, second] = [pointsOf(inputs), directionsOf(inputs), secondDirectionsOf(inputs)];
  const at = async (steps: number): Promise<number> => {
    const results = tf.tidy(() => {
      const moved = tensorsOf(inputs, points.map((values, k) => values.map((value, i) => value + steps * STEP * ((directions[k] as number[])[i] as number))));
      return of === 'value' ? [run(operation, moved)] : gradients(operation, moved);
    });
    if (of === 'gradient') return dot(results, second);
    const [y] = results as [tf.Tensor];
    const values = await y.data();
    y.dispose();
    return functionalOf(values);
  };
  const expected = (8 * ((await at(1)) - (await at(-1))) - ((await at(2)) - (await at(-2)))) / (12 * STEP);
  return { expected, scale: Math.max(1, Math.abs(expected), Math.abs(await at(0))) };
}
