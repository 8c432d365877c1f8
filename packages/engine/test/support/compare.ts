import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs';

const TOLERANCE = 1e-4;

/** Repeatable numbers in [-1, 1) (a linear congruential generator): the same on both engines and in every run. */
export function numbers(shape: readonly number[], seed = 1): number[] {
  let state = (seed * 2654435761) >>> 0;
  return Array.from({ length: shape.reduce((size, n) => size * n, 1) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

export function tensor<R extends tf.Rank = tf.Rank>(shape: readonly number[], seed = 1): tf.Tensor<R> {
  return tf.tensor(numbers(shape, seed), [...shape] as tf.ShapeMap[R]);
}

interface Result {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly values: number[];
}

/**
 * Runs `compute` on the stock 'cpu' back end, plain JavaScript, which is the reference, and on another, and names every difference: in shape, in dtype, in a number by more than 1e-4 of the largest,
 * or in what is left behind beside the results.
 */
export async function differences(compute: () => tf.Tensor | tf.Tensor[], backend = 'wasm'): Promise<string[]> {
  const found: string[] = [];
  const results: Result[][] = [];
  for (const engine of ['cpu', backend]) {
    await tf.setBackend(engine);
    const before = [tf.memory().numTensors, dataCount()];
    const outputs = [tf.tidy(compute)].flat();
    const values = await Promise.all(outputs.map((output) => output.data()));
    results.push(outputs.map(({ shape, dtype }, i) => ({ shape, dtype, values: [...(values[i] as Float32Array)] })));
    tf.dispose(outputs);
    const after = [tf.memory().numTensors, dataCount()];
    if (String(after) !== String(before)) found.push(`${engine} leaks: [tensors, data] went from ${before} to ${after}`);
  }
  const [expected, actual] = results as [Result[], Result[]];
  expected.forEach((reference, i) => {
    const other = actual[i];
    const kinds = [reference, other].map((result) => `${result?.dtype} [${result?.shape}]`);
    if (kinds[0] !== kinds[1]) found.push(`output ${i} is ${kinds[1]} instead of ${kinds[0]}`);
    found.push(...wrongNumbers(other?.values ?? [], reference.values).map((wrong) => `output ${i}${wrong}`));
  });
  return found;
}

function dataCount(): number {
  return (tf.backend() as unknown as { numDataIds(): number }).numDataIds();
}

/** Numbers that are off by more than `tolerance` times the largest; at most three, in words. */
export function wrongNumbers(actual: readonly number[], expected: readonly number[], tolerance = TOLERANCE): string[] {
  const largest = expected.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 1e-30);
  return expected
    .map((value, i) => ({ value, other: actual[i] as number, i }))
    .filter(({ value, other }) =>
      Number.isFinite(value) ? !(Math.abs(other - value) <= tolerance * largest) : !Object.is(other, value),
    )
    .slice(0, 3)
    .map(({ value, other, i }) => `[${i}] is ${other} instead of ${value}, the largest being ${largest}`);
}
