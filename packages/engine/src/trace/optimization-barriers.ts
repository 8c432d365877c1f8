import type { GraphNode, NodeOutput, Operation } from './recording.js';

/**
 * Where TensorFlow's graph optimizer must not see through an operand. It computes some terms in another way, whose last bits differ: (x + b) - 1
 * as (b - 1) + x, x / 3 as x times a third, x / sqrt(y) as x times rsqrt(y), log(1 + x) as log1p(x) (tensorflow/core/grappler/optimizers,
 * constant_folding.cc and arithmetic_optimizer.cc). A move operation by operation has none of this, and next to the kink of an activation a
 * last bit decides about a whole gradient.
 *
 * On `cuda` graphs get the same barriers. There they promise nothing: sums on a GPU are added in no fixed order.
 */
export class OptimizationBarriers {
  /** Which nodes depend on nothing that varies. */
  private readonly constant: boolean[] = [];

  constructor(private readonly nodes: readonly GraphNode[]) {
    for (const node of nodes) {
      const folds = node.kind === 'operation' && node.inputs.length > 0 && node.inputs.every((input) => this.constant[input.node]);
      this.constant.push(node.kind === 'constant' || folds);
    }
  }

  /** The operands of an operation that need a barrier, by their places among the inputs. */
  of({ name, inputs }: Operation): ReadonlySet<number> {
    const constants = inputs.flatMap(({ node }, k) => (this.constant[node] ? [k] : []));
    if (constants.length === inputs.length) return NONE; // computed when the graph is compiled, by the same kernels
    const producers = inputs.map((input) => this.producerOf(input));
    switch (name) {
      case 'Log':
        return new Set([0]);
      case 'Pow':
        return new Set(constants);
      case 'RealDiv':
        return new Set(producers[1] === 'Sqrt' ? [...constants, 1] : constants);
      case 'AddN':
        return new Set(constants); // it is written as a sum of sums
      default:
        return producers.some((producer) => REASSOCIATED[name]?.has(producer ?? '')) ? new Set(constants) : NONE;
    }
  }

  /** The name of the operation whose values these are, before changes of type or shape. */
  private producerOf({ node }: NodeOutput): string | undefined {
    const one = this.nodes[node] as GraphNode;
    if (one.kind !== 'operation') return undefined;
    return SAME_VALUES.has(one.name) ? this.producerOf(one.inputs[0] as NodeOutput) : one.name;
  }
}

const NONE: ReadonlySet<number> = new Set();
const SAME_VALUES: ReadonlySet<string> = new Set(['Cast', 'Reshape', 'Identity', 'ExpandDims', 'Squeeze', 'Transpose']);
/** Exp, because exp(x) - 1 is an operation of its own. */
const OF_SUMS: ReadonlySet<string> = new Set(['Add', 'AddV2', 'AddN', 'Sub', 'Exp']);
/** By an operation's name: those with whose operands a constant operand of it changes places. */
const REASSOCIATED: Readonly<Record<string, ReadonlySet<string>>> = { Add: OF_SUMS, AddV2: OF_SUMS, Sub: OF_SUMS, Mul: new Set(['Mul', 'RealDiv']) };
