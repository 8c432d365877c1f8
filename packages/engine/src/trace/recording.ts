import type * as tf from '@tensorflow/tfjs';
import { EngineError } from '@ganzoo/core';

/** A value in a graph: an output of a node. */
export interface NodeOutput {
  readonly node: number;
  readonly output: number;
}

export type GraphNode =
  | { readonly kind: 'input'; readonly position: number; readonly dtype: tf.DataType; readonly shape: readonly number[] }
  | ({ readonly kind: 'constant' } & HostValues)
  | Operation;

interface HostValues {
  readonly dtype: tf.DataType;
  readonly shape: readonly number[];
  readonly values: tf.TypedArray;
}

export interface Operation {
  readonly kind: 'operation';
  readonly name: string;
  readonly attributes: readonly OperationAttribute[];
  readonly inputs: readonly NodeOutput[];
}

/** An attribute of an operation; `type` is one of tfjs-node's TF_ATTR_ constants, and means nothing elsewhere. */
export interface OperationAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** The operations of one run, as a graph from the inputs that were named to the outputs. */
export interface Recording {
  readonly nodes: readonly GraphNode[];
  readonly outputs: readonly NodeOutput[];
}

/** The recording under way, and whether it is inside something that was noted as a whole. */
let current: { readonly recorder: Recorder; readonly inside: boolean } | undefined;

/**
 * Runs `compute`, which under a recorder becomes one node with a name of ours; the writer of programs puts it into
 * the engine's terms. The attributes are numbers.
 */
export function asOneNode(name: string, attributes: Readonly<Record<string, number>>, operands: readonly tf.Tensor[], compute: () => tf.Tensor[]): tf.Tensor[] {
  if (current === undefined || current.inside) return compute();
  const { recorder } = current;
  current = { recorder, inside: true };
  let results: tf.Tensor[];
  try {
    results = compute();
  } finally {
    current = { recorder, inside: false };
  }
  recorder.note(name, Object.entries(attributes).map(([key, value]) => ({ name: key, type: 0, value })), operands, results);
  return results;
}

/** Collects the nodes of a recording. Tensors are known by their data, so that aliases (clone, Identity) are one value. */
export class Recorder {
  readonly nodes: GraphNode[] = [];
  private readonly known = new Map<tf.DataId, NodeOutput>();
  /** Host values made while recording; they become constants when an operation uses them. */
  private readonly fresh = new Map<tf.DataId, HostValues>();
  private inputs = 0;

  /** @param hidden host values of an operand that is no tensor. */
  constructor(private readonly hidden: (operand: tf.TensorInfo) => HostValues | undefined = () => undefined) {}

  /** @throws {EngineError} when its data is an input already. */
  addInput({ dataId, dtype, shape }: tf.Tensor): void {
    const position = this.inputs++;
    if (this.known.has(dataId)) throw untraceable(`Two inputs of a traced move (${position} is one) share their data`, 'Give each variable data of its own.');
    this.known.set(dataId, { node: this.nodes.push({ kind: 'input', position, dtype, shape }) - 1, output: 0 });
  }

  /** Values that come from the host while recording. */
  addFresh(dataId: tf.DataId, { values, shape, dtype }: HostValues): void {
    this.fresh.set(dataId, { values: values.slice(), shape: [...shape], dtype });
  }

  /**
   * An operation, unless it is inside one that is noted as a whole. @returns its number
   * @throws {EngineError} when an operand is unknown.
   */
  note(name: string, attributes: readonly OperationAttribute[], operands: readonly tf.TensorInfo[], results: readonly tf.TensorInfo[]): number | undefined {
    if (current?.inside === true) return undefined;
    const operation = { kind: 'operation', name, attributes, inputs: operands.map((operand) => this.valueOf(operand, name)) } as const;
    const node = this.nodes.push(operation) - 1;
    results.forEach(({ dataId }, output) => this.known.set(dataId, { node, output }));
    return node;
  }

  /** @throws {EngineError} when the tensor existed before and is no input: it would be frozen as it is now. */
  valueOf(tensor: tf.TensorInfo, user: string): NodeOutput {
    const found = this.known.get(tensor.dataId);
    if (found) return found;
    const constant = this.fresh.get(tensor.dataId) ?? this.hidden(tensor);
    if (!constant) {
      throw untraceable(
        `The operation ${user} uses a tensor [${tensor.shape}] that was made before the move and is neither a variable nor an argument of it`,
        'Make the tensor inside the loss, or keep it in the model\'s state.',
      );
    }
    const value = { node: this.nodes.push({ kind: 'constant', ...constant }) - 1, output: 0 };
    this.known.set(tensor.dataId, value);
    return value;
  }

  /** Whether the tensor's value is known, so that an operation that is given it as its result adds to it. */
  knows({ dataId }: tf.TensorInfo): boolean {
    return this.known.has(dataId);
  }

  /** In place of reading: what a move read would be frozen. */
  readonly refuseRead = (): never => {
    throw untraceable('A move reads a tensor on the host (data, dataSync, array, print)', 'Compute with tensors only, or return the tensor in `log`.');
  };
}

/**
 * Runs `work` under a recorder, with methods of the back end wrapped. The wrappers stand on the instance; the class keeps the originals.
 * @param wrappers by the method's name: the original, bound, to what stands in for it.
 */
export function recordWith<T>(recorder: Recorder, backend: object, wrappers: Readonly<Record<string, (original: (...args: never[]) => unknown) => unknown>>, work: () => T): T {
  const instance = backend as Record<string, unknown>;
  const names = Object.keys(wrappers);
  const own = Object.fromEntries(names.filter((name) => Object.hasOwn(instance, name)).map((name) => [name, instance[name]]));
  current = { recorder, inside: false };
  for (const name of names) instance[name] = wrappers[name]?.((instance[name] as (...args: never[]) => unknown).bind(backend));
  try {
    return work();
  } finally {
    current = undefined;
    for (const name of names) delete instance[name];
    Object.assign(instance, own);
  }
}

function untraceable(what: string, remedy: string): EngineError {
  return new EngineError(`${what}.`, { remedy });
}
