import type * as tf from '@tensorflow/tfjs';
import { EngineError } from '@ganzoo/core';
import { type OperationAttribute, type TensorFlowBackend, tensorFlowBackend } from './backend.js';

/** A value in a graph: an output of a node. */
export interface NodeOutput {
  readonly node: number;
  readonly output: number;
}

export type GraphNode =
  | { readonly kind: 'input'; readonly position: number; readonly dtype: tf.DataType; readonly shape: readonly number[] }
  | { readonly kind: 'constant'; readonly dtype: tf.DataType; readonly shape: readonly number[]; readonly values: tf.TypedArray }
  | Operation;

export interface Operation {
  readonly kind: 'operation';
  readonly name: string;
  readonly attributes: readonly OperationAttribute[];
  readonly inputs: readonly NodeOutput[];
}

/** The operations of one run, as a graph from the inputs that were named to the outputs. */
export interface Recording {
  readonly nodes: readonly GraphNode[];
  readonly outputs: readonly NodeOutput[];
}

type Note = (name: string, attributes: readonly OperationAttribute[], operands: readonly tf.Tensor[], results: readonly tf.Tensor[]) => void;

/** While something is recorded: how an operation is noted, unless it is part of one that was noted as a whole. */
let recorder: { readonly note: Note; readonly inside: boolean } | undefined;

/**
 * Runs `compute`, which under a recorder becomes one node with a name of ours; the writer of programs puts it into
 * TensorFlow's terms. The attributes are numbers.
 */
export function asOneNode(name: string, attributes: Readonly<Record<string, number>>, operands: readonly tf.Tensor[], compute: () => tf.Tensor[]): tf.Tensor[] {
  if (recorder === undefined || recorder.inside) return compute();
  const { note } = recorder;
  recorder = { note, inside: true };
  let results: tf.Tensor[];
  try {
    results = compute();
  } finally {
    recorder = { note, inside: false };
  }
  note(name, Object.entries(attributes).map(([key, value]) => ({ name: key, type: 0, value })), operands, results);
  return results;
}

/**
 * Runs `work` and records every TensorFlow operation that it makes. Tensors are known by their data, so that aliases
 * (clone, Identity) are one value.
 *
 * @param inputs what may differ from run to run; no two may share their data.
 * @returns the recording, and what `work` returned.
 * @throws {EngineError} naming the operation, when `work` reads a value on the host, or uses a tensor that existed
 * before and is not an input: both would be frozen into the graph as they are now.
 */
export function record(
  inputs: readonly tf.Tensor[],
  work: (argument: (tensor: tf.Tensor) => void) => tf.Tensor[],
): { recording: Recording; results: tf.Tensor[] } {
  const backend = tensorFlowBackend();
  const nodes: GraphNode[] = [];
  const known = new Map<tf.DataId, NodeOutput>();
  /** Host values made while recording; they become constants when an operation uses them. */
  const fresh = new Map<tf.DataId, { values: tf.TypedArray; shape: number[]; dtype: tf.DataType }>();

  let inputCount = 0;
  const addInput = ({ dataId, dtype, shape }: tf.Tensor): void => {
    const position = inputCount++;
    if (known.has(dataId)) throw untraceable(`Two inputs of a traced move (${position} is one) share their data`, 'Give each variable data of its own.');
    known.set(dataId, { node: nodes.push({ kind: 'input', position, dtype, shape }) - 1, output: 0 });
  };
  inputs.forEach(addInput);

  const valueOf = (tensor: tf.Tensor, user: string): NodeOutput => {
    const found = known.get(tensor.dataId);
    if (found) return found;
    const constant = fresh.get(tensor.dataId) ?? int64Constant(tensor);
    if (!constant) {
      throw untraceable(
        `The operation ${user} uses a tensor [${tensor.shape}] that was made before the move and is neither a variable nor an argument of it`,
        'Make the tensor inside the loss, or keep it in the model\'s state.',
      );
    }
    const value = { node: nodes.push({ kind: 'constant', ...constant }) - 1, output: 0 };
    known.set(tensor.dataId, value);
    return value;
  };
  const note: Note = (name, attributes, operands, results) => {
    const operation = { kind: 'operation', name, attributes, inputs: operands.map((operand) => valueOf(operand, name)) } as const;
    const node = nodes.push(operation) - 1;
    results.forEach(({ dataId }, output) => known.set(dataId, { node, output }));
  };
  const refuseRead = (): never => {
    throw untraceable('A move reads a tensor on the host (data, dataSync, array, print)', 'Compute with tensors only, or return the tensor in `log`.');
  };

  recorder = { note, inside: false };
  const results = intercepting(backend, {
    executeSingleOutput: (original) => (name, attributes, operands) => {
      const result = original(name, attributes, operands);
      if (recorder?.inside !== true) note(name, attributes, operands, [result]);
      return result;
    },
    executeMultipleOutputs: (original) => (name, attributes, operands, count) => {
      const results = original(name, attributes, operands, count);
      if (recorder?.inside !== true) note(name, attributes, operands, results);
      return results;
    },
    move: (original) => (dataId, values, shape, dtype, refCount) => {
      fresh.set(dataId, { values: (values as tf.TypedArray).slice(), shape: [...shape], dtype });
      original(dataId, values, shape, dtype, refCount);
    },
    read: () => refuseRead,
    readSync: () => refuseRead,
  }, () => work(addInput));

  const outputs = results.map((result, i) => valueOf(result, `output ${i}`));
  return { recording: { nodes, outputs }, results };
}

type Interceptable = 'executeSingleOutput' | 'executeMultipleOutputs' | 'move' | 'read' | 'readSync';
type Wrappers = { [Name in Interceptable]: (original: TensorFlowBackend[Name]) => TensorFlowBackend[Name] };

/** Runs `work` with methods of the back end wrapped. The wrappers stand on the instance; the class keeps the originals. */
function intercepting<T>(backend: TensorFlowBackend, wrappers: Wrappers, work: () => T): T {
  const instance = backend as unknown as Record<string, unknown>;
  const names = Object.keys(wrappers) as Interceptable[];
  for (const name of names) {
    const original = (backend[name] as (...args: unknown[]) => unknown).bind(backend);
    instance[name] = (wrappers[name] as unknown as (original: unknown) => unknown)(original);
  }
  try {
    return work();
  } finally {
    recorder = undefined;
    for (const name of names) delete instance[name];
  }
}

/** tfjs-node passes some sizes as an object that is no tensor and holds one int64. */
function int64Constant(operand: tf.Tensor): { values: tf.TypedArray; shape: number[]; dtype: tf.DataType } | undefined {
  const { valueArray } = operand as unknown as { valueArray?: Int32Array };
  return valueArray && { values: valueArray, shape: [], dtype: 'int64' as tf.DataType };
}

function untraceable(what: string, remedy: string): EngineError {
  return new EngineError(`${what}.`, { remedy });
}
