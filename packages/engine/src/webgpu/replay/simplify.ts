import type { NodeOutput, Operation } from '../../trace/recording.js';
import type { GpuRecording } from './record.js';

/** A recording's operations that must run at every run, and those that need to run only once, in their order. */
export interface Simplified {
  /** Nodes whose results depend on constants alone. */
  readonly once: readonly number[];
  readonly every: readonly number[];
  /** The value that stands for a value: of the first operation that computes the same. */
  of(value: NodeOutput): NodeOutput;
}

/**
 * Drops what no output needs, such as gradients that nobody asked for; computes once what is computed twice, such as the fakes of two
 * moves from the same latents; and finds what depends on constants alone.
 * @param changes whether a node changes state, so that it runs though nobody needs its result.
 */
export function simplify({ nodes, outputs, dispatches }: GpuRecording, changes: (operation: Operation) => boolean): Simplified {
  const changed = changedInPlace({ nodes, outputs, dispatches }); // two such values are never taken for one, and made anew at every run
  const standsFor = sameComputations();
  const of = ({ node, output }: NodeOutput): NodeOutput => ({ node: standsFor[node] as number, output });
  const needed = new Set<number>(outputs.map((value) => of(value).node));
  const constant = new Set<number>();
  nodes.forEach((node, i) => {
    if (node.kind === 'constant') constant.add(i);
    if (node.kind === 'operation' && !changes(node) && !changed.has(i) && node.inputs.every((input) => constant.has(of(input).node))) constant.add(i);
  });
  const live: number[] = [];
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i];
    if (node?.kind !== 'operation' || standsFor[i] !== i || !(needed.has(i) || changes(node))) continue;
    live.unshift(i);
    for (const input of node.inputs) needed.add(of(input).node);
  }
  return { once: live.filter((i) => constant.has(i)), every: live.filter((i) => !constant.has(i)), of };

  function sameComputations(): number[] {
    const first = new Map<string, number>();
    const result: number[] = [];
    nodes.forEach((node, i) => {
      result.push(i);
      if (node.kind === 'input' || changed.has(i) || (node.kind === 'operation' && changes(node))) return;
      const key =
        node.kind === 'constant'
          ? `${node.dtype} ${node.shape.join()} ${new Uint8Array(node.values.buffer, node.values.byteOffset, node.values.byteLength).join()}`
          : JSON.stringify([node.name, node.attributes, node.inputs.map(({ node: input, output }) => [result[input], output])]);
      const same = first.get(key);
      if (same === undefined) first.set(key, i);
      else result[i] = same;
    });
    return result;
  }
}

/** The nodes whose values are changed in place behind their name, and those that change them. */
export function changedInPlace({ nodes, dispatches }: GpuRecording): ReadonlySet<number> {
  const changed = new Set<number>();
  nodes.forEach((node, i) => {
    if (node.kind === 'operation' && dispatches.get(i)?.inPlace === true) changed.add(i).add((node.inputs.at(-1) as NodeOutput).node);
  });
  return changed;
}
