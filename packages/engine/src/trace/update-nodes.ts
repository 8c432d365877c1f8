import { UPDATES } from '@ganzoo/core';
import type { Operation } from './recording.js';
import { constantAttribute, type NodeDef, shapeAttribute, textAttribute, typeAttribute } from './saved-model.js';

const FLOAT = typeAttribute('float32');

interface InPlace {
  readonly name: string;
  /** Handles of the weight and its slots. */
  readonly variables: readonly string[];
  /** Gradient, rate, epsilon. */
  readonly operands: readonly string[];
  /** Of the weight. */
  readonly shape: readonly number[];
  /** What must have run before. */
  readonly after: string;
}

/**
 * An update as TensorFlow's Adam, which moves its variables in place in one pass; `name_k` is the new value of the k-th. Its bias corrections are
 * in the rate and epsilon already, so that it is given powers of 0. RMSProp is an Adam that forgets its mean at every step: with beta1 = 0 the
 * mean is the gradient. (TensorFlow's own RMSProp has the epsilon inside the root.)
 */
export function updateNodes({ name: kernel, attributes }: Operation, { name, variables, operands, shape, after }: InPlace): NodeDef[] {
  const numbers = Object.fromEntries(attributes.map((one) => [one.name, one.value as number]));
  const [gradient, rate, epsilon] = operands as [string, string, string];
  const constant = (key: string, value: number): NodeDef => ({
    name: `${name}_${key}`,
    operation: 'Const',
    attributes: { dtype: FLOAT, value: constantAttribute({ dtype: 'float32', shape: [], values: Float32Array.of(value) }) },
  });
  const forgets = kernel === UPDATES.rmsprop.kernel;
  const [beta1, beta2] = forgets ? [0, numbers.decay as number] : [numbers.beta1 as number, numbers.beta2 as number];
  const [weight, ...slots] = variables as [string, ...string[]];
  const moved = forgets ? [weight, `${name}_mean`, ...slots] : variables;
  const inputs = [...moved, `${name}_zero`, `${name}_zero`, rate, `${name}_beta1`, `${name}_beta2`, epsilon, gradient, after];
  return [
    constant('zero', 0),
    constant('beta1', beta1),
    constant('beta2', beta2),
    ...(forgets ? meanNodes(name, gradient, shape) : []),
    { name, operation: 'ResourceApplyAdam', inputs: forgets ? [...inputs, `^${name}_begun`] : inputs, attributes: { T: FLOAT } },
    ...variables.map((variable, k): NodeDef => ({ name: `${name}_${k}`, operation: 'ReadVariableOp', inputs: [variable, `^${name}`], attributes: { dtype: FLOAT } })),
  ];
}

/** A variable of the graph's own, which begins every update as the gradient: no copy, and never uninitialized. */
function meanNodes(name: string, gradient: string, shape: readonly number[]): NodeDef[] {
  return [
    { name: `${name}_mean`, operation: 'VarHandleOp', attributes: { dtype: FLOAT, shape: shapeAttribute(shape), shared_name: textAttribute(`${name}_mean`) } },
    { name: `${name}_begun`, operation: 'AssignVariableOp', inputs: [`${name}_mean`, gradient], attributes: { dtype: FLOAT } },
  ];
}
