import { EngineError, UPDATES } from '@ganzoo/core';
import type { NodeOutput, Operation } from '../../trace/recording.js';
import { isUpdate, UPDATE_OPERANDS } from '../../trace/updates.js';
import type { GpuRecording } from './record.js';

/** Updates of weights that one optimizer makes one after the other, by the same kernel with the same coefficients: one dispatch. */
export interface UpdateGroup {
  readonly kind: keyof typeof UPDATES;
  readonly attributes: Readonly<Record<string, number>>;
  readonly rate: NodeOutput;
  readonly epsilon: NodeOutput;
  readonly members: readonly UpdateMember[];
}

interface UpdateMember {
  readonly node: number;
  /** By their numbers: the weight and its slots. */
  readonly variables: readonly number[];
  readonly gradient: NodeOutput;
}

/**
 * The updates of a recording, in their order, in groups.
 * @param variables how many of the first inputs are variables.
 * @throws {EngineError} when one moves something that is no variable.
 */
export function updateGroups({ nodes }: GpuRecording, variables: number): UpdateGroup[] {
  const groups: (UpdateGroup & { readonly key: string; readonly members: UpdateMember[] })[] = [];
  nodes.forEach((node, i) => {
    if (node.kind !== 'operation' || !isUpdate(node)) return;
    const [gradient, rate, epsilon] = node.inputs.slice(-UPDATE_OPERANDS) as [NodeOutput, NodeOutput, NodeOutput];
    const key = JSON.stringify([node.name, node.attributes, rate, epsilon]);
    const moved = node.inputs.slice(0, -UPDATE_OPERANDS).map((value) => variableOf(nodes[value.node], variables));
    const last = groups.at(-1);
    const member = { node: i, variables: moved, gradient };
    if (last?.key === key && !usedBefore(last.members, i)) last.members.push(member);
    else groups.push({ key, kind: kindOf(node), attributes: Object.fromEntries(node.attributes.map(({ name, value }) => [name, value as number])), rate, epsilon, members: [member] });
  });
  return groups;

  /** Whether something before node `end` uses what the members have moved: a group moves them all at its end. */
  function usedBefore(members: readonly UpdateMember[], end: number): boolean {
    const moved = new Set(members.map(({ node }) => node));
    const [{ node: first }] = members as [UpdateMember];
    return nodes.slice(first, end + 1).some((node) => node.kind === 'operation' && node.inputs.some((input) => moved.has(input.node)));
  }
}

function kindOf({ name }: Operation): keyof typeof UPDATES {
  return (Object.keys(UPDATES) as (keyof typeof UPDATES)[]).find((kind) => UPDATES[kind].kernel === name) as keyof typeof UPDATES;
}

function variableOf(node: GpuRecording['nodes'][number] | undefined, variables: number): number {
  if (node?.kind === 'input' && node.position < variables) return node.position;
  throw new EngineError("An optimizer's update moves something that is no variable of the model.", { remedy: 'Report this as a bug; the trainer goes on eagerly.' });
}
