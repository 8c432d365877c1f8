import type { Tracer } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { engine } from '../../../../tools/engine-under-test.js';

const tracer = engine?.tracer;

/** The values of what `compute` makes of the variables, as one call, which is made inside `around`. */
export async function asOneCall(variables: readonly tf.Variable[], compute: () => tf.Tensor[], around = (call: () => tf.Tensor[]): tf.Tensor[] => call()): Promise<tf.TypedArray[]> {
  const { record, program } = tracer as Tracer;
  const recorded = record(variables, compute);
  const compiled = program(variables);
  const move = compiled.add(recorded, []);
  compiled.load();
  const results = around(() => compiled.run(move, []));
  const values = await Promise.all(results.map((result) => result.data()));
  tf.dispose([results, recorded.outputs as tf.Tensor[]]);
  compiled.dispose();
  return values;
}
