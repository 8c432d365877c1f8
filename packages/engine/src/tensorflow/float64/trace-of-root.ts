import { EngineError } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { tensorFlowBackend } from '../../trace/backend.js';
import { boolAttribute, type NodeDef } from '../../trace/saved-model.js';
import { openSession } from '../../trace/session.js';
import { DOUBLE, fedPairs, fetch, fetchedPairs, node, pairsOf, product, real, T } from './graph.js';

/**
 * The sum of the square roots of the eigenvalues of R' B R, where A = R R'. R is A's Cholesky factor where A has one, which takes
 * a fortieth of the time; else made of its eigenvectors.
 */
export function traceOfRoot(a: Float64Array, b: Float64Array, dimensions: number): number {
  for (const values of [a, b]) {
    if (!values.every(Number.isFinite)) throw new EngineError('A matrix whose root is asked for holds values that are not finite.', { remedy: 'Look for a diverged generator.' });
  }
  const shape = [dimensions, dimensions];
  const session = openSession([
    ...fedPairs('a', shape),
    ...fedPairs('b', shape),
    node('factor', 'Cholesky', ['a'], T),
    ...conjugated('factor', 'cholesky'),
    node('decomposed', 'SelfAdjointEigV2', ['a'], { T: DOUBLE, compute_v: boolAttribute(true) }),
    ...real('0', 0),
    node('spread', 'Maximum', ['decomposed:0', '0'], T),
    node('roots', 'Sqrt', ['spread'], T),
    node('scaled', 'Mul', ['decomposed:1', 'roots'], T),
    ...conjugated('scaled', 'eigenvectors'),
  ]);
  const [left, right] = [pairsOf(a, shape), pairsOf(b, shape)];
  const feeds = [['a/pairs:0', left], ['b/pairs:0', right]] as const;
  try {
    const [eigenvalues] = fetchFirst(() => fetch(session, feeds, ['cholesky/eigenvalues/pairs:0']), () => fetch(session, feeds, ['eigenvectors/eigenvalues/pairs:0'])) as [Float64Array];
    const rounding = dimensions * Number.EPSILON * eigenvalues.reduce((most, value) => Math.max(most, value), 0);
    return eigenvalues.reduce((sum, value) => sum + (value > rounding ? Math.sqrt(value) : 0), 0);
  } finally {
    tf.dispose([left, right]);
    tensorFlowBackend().deleteSavedModel(session);
  }
}

/** Eigenvalues of R' B R, as `<name>/eigenvalues`. */
function conjugated(root: string, name: string): NodeDef[] {
  return [
    product(`${name}/right`, 'b', root),
    product(`${name}/product`, root, `${name}/right`, 'a'),
    node(`${name}/values`, 'SelfAdjointEigV2', [`${name}/product`], { T: DOUBLE, compute_v: boolAttribute(false) }),
    node(`${name}/eigenvalues`, 'Identity', [`${name}/values:0`], T),
    fetchedPairs(`${name}/eigenvalues`),
  ];
}

/** TensorFlow refuses to factor a matrix that is singular to its digits. */
function fetchFirst<Result>(quick: () => Result, sure: () => Result): Result {
  try {
    return quick();
  } catch (error) {
    if (!/cholesky/i.test((error as Error).message)) throw error;
    return sure();
  }
}
