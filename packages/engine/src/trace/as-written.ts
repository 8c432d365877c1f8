import type { GraphNode, NodeOutput, Operation } from './recording.js';

/**
 * Which operands TensorFlow's graph optimizer must not see. It computes some terms in another way, whose last bits differ: (x + b) - 1 as
 * (x - 1) + b, x / 3 as x times a third, x / sqrt(y) as x times rsqrt(y), log(1 + x) as log1p(x) (tensorflow/core/grappler/optimizers,
 * constant_folding.cc and arithmetic_optimizer.cc). A move operation by operation has none of this, and next to the kink of an activation a
 * last bit decides about a whole gradient.
 */
export class OperandsAsWritten {
  /** Which nodes depend on nothing that varies. */
  private readonly constant: boolean[] = [];

  constructor(private readonly nodes: readonly GraphNode[]) {
    for (const node of nodes) {
      const folds = node.kind === 'operation' && node.inputs.length > 0 && node.inputs.every((input) => this.constant[input.node]);
      this.constant.push(node.kind === 'constant' || folds);
    }
  }

  /** The operands, by their places among the inputs. */
  of({ name, inputs }: Operation): ReadonlySet<number> {
    const constants = inputs.flatMap(({ node }, k) => (this.constant[node] ? [k] : []));
    const producers = inputs.map((input) => this.producerOf(input));
    if (name === 'Log') return new Set([0]);
    if (name === 'Pow') return new Set(constants);
    if (name === 'RealDiv' && producers[1] === 'Sqrt') return new Set([1]);
    if (name === 'RealDiv' && constants.includes(1)) return new Set(constants);
    const kin = KIN.find(([names]) => names.has(name))?.[1];
    return new Set(producers.some((producer) => kin?.has(producer ?? '')) ? constants : []);
  }

  /** The name of the operation whose values these are, before changes of type or shape. */
  private producerOf({ node }: NodeOutput): string | undefined {
    const one = this.nodes[node] as GraphNode;
    if (one.kind !== 'operation') return undefined;
    return SAME_VALUES.has(one.name) ? this.producerOf(one.inputs[0] as NodeOutput) : one.name;
  }
}

const SUMS: ReadonlySet<string> = new Set(['Add', 'AddV2', 'AddN', 'Sub']);
const PRODUCTS: ReadonlySet<string> = new Set(['Mul', 'RealDiv']);
/** A constant operand of the first changes places with operands of the second; exp(x) - 1 is an operation of its own. */
const KIN = [
  [SUMS, new Set([...SUMS, 'Exp'])],
  [PRODUCTS, PRODUCTS],
] as const;
const SAME_VALUES: ReadonlySet<string> = new Set(['Cast', 'Reshape', 'Identity', 'ExpandDims', 'Squeeze', 'Transpose']);
