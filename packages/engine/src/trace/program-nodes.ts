import { EngineError } from '@ganzoo/core';
import type * as tf from '@tensorflow/tfjs';
import { tensorFlowBackend } from './backend.js';
import { OptimizationBarriers } from './optimization-barriers.js';
import type { GraphNode, NodeOutput, Operation, Recording } from './recording.js';
import { type AttributeValue, boolAttribute, constantAttribute, type NodeDef, recordedAttribute, shapeAttribute, textAttribute, typeAttribute, unknownShapeAttribute } from './saved-model.js';
import { updateNodes } from './update-nodes.js';
import { isUpdate, UPDATE_OPERANDS } from './updates.js';

/** A move in TensorFlow's terms. */
export interface MoveNodes {
  readonly nodes: readonly NodeDef[];
  /** What is fed: an input of the recording that is no variable, by its position behind them. */
  readonly fed: readonly { readonly name: string; readonly position: number }[];
  /** The outputs that are no new values of variables. One that comes out as it went in TensorFlow refuses to fetch. */
  readonly fetched: readonly ({ readonly name: string } | { readonly position: number })[];
}

const FLOAT = typeAttribute('float32');

const SUMS: ReadonlySet<string> = new Set(['Add', 'AddV2', 'AddN']);
/**
 * A mark of the optimizer's own (tensorflow/core/grappler/optimizers/arithmetic_optimizer.cc). Without it, it makes one AddN of a sum of sums, and
 * multiplies the small factors of a product of products first.
 */
const LEFT_ALONE = { _grappler_ArithmeticOptimizer_AddOpsRewriteStage: boolAttribute(true) };

/**
 * Operands added one after the other, `name` being the last sum. Never AddN: it begins with the first operand whose memory is free to
 * take the sum, which depends on what other operations are doing, so that the last bits of three or more differed from run to run.
 */
function sumNodes(name: string, operands: readonly string[], type: AttributeValue): NodeDef[] {
  const attributes = { T: type, ...LEFT_ALONE };
  const [first, ...others] = operands as [string, ...string[]];
  if (others.length === 0) return [{ name, operation: 'Identity', inputs: [first], attributes: { T: type } }];
  const nameOf = (k: number): string => (k === others.length - 1 ? name : `${name}_sum${k}`);
  return others.map((operand, k) => ({ name: nameOf(k), operation: 'AddV2', inputs: [k === 0 ? first : nameOf(k - 1), operand], attributes }));
}

interface OperationOptions {
  readonly name: string;
  readonly inputs: readonly string[];
  /** Which inputs pass through an operation that the optimizer takes for one that a caller may feed. */
  readonly barriers: ReadonlySet<number>;
}

function operationNodes({ name: operation, attributes }: Operation, { name, inputs, barriers }: OperationOptions): NodeDef[] {
  const { binding } = tensorFlowBackend();
  const recorded = attributes.map((one) => [one.name, recordedAttribute(one, binding)] as const);
  const encoded = Object.fromEntries(operation === 'Mul' ? [...recorded, ...Object.entries(LEFT_ALONE)] : recorded);
  const type = encoded.T as AttributeValue;
  const between = [...barriers].map((k): NodeDef => ({ name: `${name}_barrier${k}`, operation: 'PlaceholderWithDefault', inputs: [inputs[k] as string], attributes: { dtype: type, shape: unknownShapeAttribute } }));
  const seen = inputs.map((input, k) => (barriers.has(k) ? `${name}_barrier${k}` : input));
  return [...between, ...(SUMS.has(operation) ? sumNodes(name, seen, type) : [{ name, operation, inputs: seen, attributes: encoded }])];
}

/** Every variable with a way in and a way out: `load` all, `value` of each. */
export function variableNodes(variables: readonly tf.Variable[]): NodeDef[] {
  const nodes = variables.flatMap(({ dtype, shape }, i): NodeDef[] => [
    { name: `variable${i}`, operation: 'VarHandleOp', attributes: { dtype: typeAttribute(dtype), shape: shapeAttribute(shape), shared_name: textAttribute(`variable${i}`) } },
    { name: `feed${i}`, operation: 'Placeholder', attributes: { dtype: typeAttribute(dtype), shape: shapeAttribute(shape) } },
    { name: `load${i}`, operation: 'AssignVariableOp', inputs: [`variable${i}`, `feed${i}`], attributes: { dtype: typeAttribute(dtype) } },
    { name: `value${i}`, operation: 'ReadVariableOp', inputs: [`variable${i}`], attributes: { dtype: typeAttribute(dtype) } },
  ]);
  const loaded: NodeDef = {
    name: 'loaded',
    operation: 'Const',
    inputs: variables.map((_, i) => `^load${i}`),
    attributes: { dtype: FLOAT, value: constantAttribute({ dtype: 'float32', shape: [], values: Float32Array.of(1) }) },
  };
  return [...nodes, loaded];
}

export interface MoveOptions {
  /** The first inputs of the recording. */
  readonly variables: readonly tf.Variable[];
  /** Which variables the last outputs of the recording are the new values of. */
  readonly updates: readonly number[];
  /** Of the nodes' names. */
  readonly prefix: string;
}

/**
 * The nodes of a recorded move. Variables are read at its start and written when all has read them; an optimizer's update moves its
 * variables in place.
 * @throws {EngineError} when such an update is of something else than variables that it gives their new values.
 */
export function moveNodes({ nodes, outputs }: Recording, { variables, updates, prefix }: MoveOptions): MoveNodes {
  const results = outputs.slice(0, outputs.length - updates.length);
  const written = outputs.slice(results.length);
  const used = new Set(nodes.flatMap((node) => (node.kind === 'operation' ? node.inputs.map((input) => input.node) : [])));
  for (const { node } of written) used.add(node);
  /** The variable that a node is, by its number. */
  const variableOf = ({ node }: NodeOutput): number | undefined => {
    const one = nodes[node] as GraphNode;
    return one.kind === 'input' && one.position < variables.length ? one.position : undefined;
  };
  const nameOf = ({ node, output }: NodeOutput): string => {
    const one = nodes[node] as GraphNode;
    if (one.kind === 'operation' && isUpdate(one)) return `${prefix}n${node}_${output}:0`;
    return `${prefix}n${node}:${output}`;
  };
  const barriers = new OptimizationBarriers(nodes);
  const made: NodeDef[] = [];
  const fed: { name: string; position: number }[] = [];
  const inPlace = new Set<number>();
  const done: string[] = [];

  nodes.forEach((node, i) => {
    const name = `${prefix}n${i}`;
    if (node.kind === 'constant') {
      made.push({ name, operation: 'Const', attributes: { dtype: typeAttribute(node.dtype), value: constantAttribute(node) } });
    } else if (node.kind === 'input') {
      if (!used.has(i)) return;
      const { position, dtype, shape } = node;
      if (position < variables.length) {
        made.push({ name, operation: 'ReadVariableOp', inputs: [`variable${position}`], attributes: { dtype: typeAttribute(dtype) } });
      } else {
        made.push({ name, operation: 'Placeholder', attributes: { dtype: typeAttribute(dtype), shape: shapeAttribute(shape) } });
        fed.push({ name: `${name}:0`, position: position - variables.length });
      }
    } else if (isUpdate(node)) {
      made.push(...updated(node, i));
    } else {
      made.push(...operationNodes(node, { name, inputs: node.inputs.map(nameOf), barriers: barriers.of(node) }));
    }
  });

  function updated(node: Operation, i: number): NodeDef[] {
    const operands = node.inputs.slice(-UPDATE_OPERANDS);
    const moved = node.inputs.slice(0, -UPDATE_OPERANDS);
    const movedVariables = moved.flatMap((one) => variableOf(one) ?? []);
    if (movedVariables.length < moved.length) {
      throw new EngineError("An optimizer's update moves something that is no variable of the model.", { remedy: 'Report this as a bug; the trainer goes on eagerly.' });
    }
    written.forEach((output, k) => {
      if (output.node === i && movedVariables[output.output] === updates[k]) inPlace.add(k);
    });
    const name = `${prefix}n${i}`;
    done.push(`^${name}`);
    const [weight] = moved as [NodeOutput];
    return updateNodes(node, { name, variables: movedVariables.map((one) => `variable${one}`), operands: operands.map(nameOf), shape: (variables[movedVariables[0] as number] as tf.Variable).shape, after: `^${prefix}n${weight.node}` });
  }

  /** A variable is written after it was read. */
  const reads = new Map(nodes.flatMap((node, i) => (node.kind === 'input' && node.position < variables.length && used.has(i) ? [[node.position, `^${prefix}n${i}`] as const] : [])));
  written.forEach((output, k) => {
    if (inPlace.has(k)) return;
    const variable = updates[k] as number;
    const name = `${prefix}write${k}`;
    const read = reads.get(variable);
    made.push({ name, operation: 'AssignVariableOp', inputs: [`variable${variable}`, nameOf(output), ...(read === undefined ? [] : [read])], attributes: { dtype: typeAttribute((variables[variable] as tf.Variable).dtype) } });
    done.push(`^${name}`);
  });

  const fetched = results.map((output, k) => {
    const node = nodes[output.node] as GraphNode;
    if (node.kind === 'input' && node.position >= variables.length) return { position: node.position - variables.length };
    if (k > 0) return { name: nameOf(output) };
    const name = `${prefix}result`;
    made.push({ name, operation: 'Identity', inputs: [nameOf(output), ...done], attributes: { T: FLOAT } });
    return { name: `${name}:0` };
  });
  return { nodes: made, fed, fetched };
}
