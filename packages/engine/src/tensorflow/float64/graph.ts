import * as tf from '@tensorflow/tfjs';
import { tensorFlowBackend } from '../../trace/backend.js';
import { type AttributeValue, boolAttribute, constantAttribute, type NodeDef, shapeAttribute, typeAttribute } from '../../trace/saved-model.js';

/**
 * Float64 in graphs of TensorFlow. TensorFlow.js has no tensors of that type, so values go in and out as pairs of int32, which
 * the graph takes for what they are (Bitcast): not a bit is lost.
 */

export const DOUBLE = typeAttribute('float64');
export const INT = typeAttribute('int32');
export const T: Readonly<Record<string, AttributeValue>> = { T: DOUBLE };

/** A node of a graph. */
export const node = (name: string, operation: string, inputs: readonly string[] = [], attributes: Readonly<Record<string, AttributeValue>> = {}): NodeDef => ({ name, operation, inputs, attributes });
/** A constant of int32; without a shape a list. */
export const integers = (name: string, values: readonly number[], shape: readonly number[] = [values.length]): NodeDef =>
  node(name, 'Const', [], { dtype: INT, value: constantAttribute({ dtype: 'int32', shape, values: Int32Array.from(values) }) });
/** A number that is the same in float32. */
export const real = (name: string, value: number): NodeDef[] => [
  node(`${name}/float`, 'Const', [], { dtype: typeAttribute('float32'), value: constantAttribute({ dtype: 'float32', shape: [], values: Float32Array.of(value) }) }),
  node(name, 'Cast', [`${name}/float`], { SrcT: typeAttribute('float32'), DstT: DOUBLE }),
];
/** A matrix product, with one side transposed or none. */
export const product = (name: string, a: string, b: string, transposed: 'a' | 'b' | 'none' = 'none'): NodeDef =>
  node(name, 'MatMul', [a, b], { T: DOUBLE, transpose_a: boolAttribute(transposed === 'a'), transpose_b: boolAttribute(transposed === 'b') });
/** What is fed as pairs of int32. */
export const fedPairs = (name: string, shape: readonly number[]): NodeDef[] => [
  node(`${name}/pairs`, 'Placeholder', [], { dtype: INT, shape: shapeAttribute([...shape, 2]) }),
  node(name, 'Bitcast', [`${name}/pairs`], { T: INT, type: DOUBLE }),
];
/** What is fetched as pairs of int32, under `<name>/pairs:0`. */
export const fetchedPairs = (name: string): NodeDef => node(`${name}/pairs`, 'Bitcast', [name], { T: DOUBLE, type: INT });

/** A number that is there when all has run. */
export function done(name: string, after: readonly string[]): NodeDef[] {
  return [{ ...integers(name, [1], []), inputs: after.map((one) => `^${one}`) }];
}

/** A placeholder's output, and what it is given. */
export type Feed = readonly [name: string, tensor: tf.Tensor];

/** Runs a session; what comes out as pairs of int32 are float64. */
export function fetch(session: number, feeds: readonly Feed[], names: readonly string[]): Float64Array[] {
  const infos = feeds.map(([name]) => ({ name }));
  const results = tensorFlowBackend().runSavedModel(session, feeds.map(([, tensor]) => tensor), infos, [...names]);
  return results.map((result) => {
    const values = result.dataSync<'int32'>();
    result.dispose();
    return values.length % 2 === 0 ? new Float64Array(values.slice().buffer) : new Float64Array(0);
  });
}

/** @returns int32 [...shape, 2] */
export function pairsOf(values: Float64Array, shape: readonly number[]): tf.Tensor {
  const aligned = new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
  return tf.tensor(aligned, [...shape, 2], 'int32');
}
