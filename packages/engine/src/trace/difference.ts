import type { GraphNode, Recording } from './recording.js';

/** The first node that differs, in words; undefined when none does. */
export function differenceOf(one: Recording, other: Recording): string | undefined {
  const length = Math.max(one.nodes.length, other.nodes.length);
  for (let i = 0; i < length; i++) {
    const [a, b] = [one.nodes[i], other.nodes[i]];
    if (a === undefined || b === undefined) return `one has ${one.nodes.length} operations, the other ${other.nodes.length}`;
    if (JSON.stringify(comparable(a)) === JSON.stringify(comparable(b))) continue;
    if (a.kind === 'constant' && b.kind === 'constant' && a.shape.join() === b.shape.join()) {
      const user = one.nodes.find((node) => node.kind === 'operation' && node.inputs.some(({ node: input }) => input === i));
      return `a constant [${a.shape}] of ${user?.kind === 'operation' ? user.name : 'the outputs'} changed (${preview(a)} became ${preview(b)})`;
    }
    return `${describe(a)} became ${describe(b)}`;
  }
  return JSON.stringify(one.outputs) === JSON.stringify(other.outputs) ? undefined : 'their outputs come from different operations';
}

function comparable(node: GraphNode): unknown {
  return node.kind === 'constant' ? { ...node, values: Array.from(node.values, String) } : node;
}

function describe(node: GraphNode): string {
  return node.kind === 'operation' ? `the operation ${node.name}` : `${node.kind === 'input' ? 'an input' : 'a constant'} [${node.shape}]`;
}

function preview({ values }: Extract<GraphNode, { kind: 'constant' }>): string {
  return values.length > 3 ? `${Array.from(values.slice(0, 3)).join(', ')}, ...` : Array.from(values).join(', ');
}
