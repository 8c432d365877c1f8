import type { NodeOutput, Operation } from '../../trace/recording.js';
import type { Elementwise } from '../kernels/elementwise.js';
import type { Dispatch, GpuRecording } from './record.js';
import { changedInPlace, simplify } from './simplify.js';
import { WORKGROUP } from './update-shader.js';

/** A dispatch has at least eight buffers (WebGPU's least maxStorageBuffersPerShaderStage): the result and these. */
const MOST_OPERANDS = 7;

/** An elementwise operation whose operands are values in memory, or others that are computed on the way. */
interface Tree {
  readonly what: Elementwise;
  readonly operands: readonly (NodeOutput | Tree)[];
  /** The first of its operations in the recording. */
  readonly first: number;
}

/** What makes a pipeline and its size of a fused program. */
export type Compile = (code: string, size: number) => Pick<Dispatch, 'pipeline' | 'workgroups'>;

/**
 * Makes one dispatch of elementwise operations of which each hands its result, value by value, to the next one alone: a bias and its
 * activation, batch norm and what follows. Their values do not go to memory in between, and the processor asks for one thing instead of several.
 * @param changes whether an operation changes state: nothing is computed later than before across one.
 */
export function fuse(recording: GpuRecording, changes: (operation: Operation) => boolean, compile: Compile): GpuRecording {
  const { nodes, outputs, dispatches } = recording;
  const { once, every, of } = simplify(recording, changes);
  const changed = changedInPlace(recording);
  const uses = countUses();
  const stateChanges: number[] = [];
  nodes.forEach((node) => stateChanges.push((stateChanges.at(-1) ?? 0) + (node.kind === 'operation' && changes(node) ? 1 : 0)));
  const trees = new Map<number, Tree>();
  for (const i of every) {
    const tree = treeOf(i);
    if (tree) trees.set(i, tree);
  }
  const fused = new Map([...trees].filter(([, tree]) => tree.operands.some(isTree)));
  const absorbed = new Set([...fused.values()].flatMap((tree) => inner(tree)));
  const newNodes = [...nodes];
  const newDispatches = new Map(dispatches);
  for (const [i, tree] of fused) {
    if (absorbed.has(tree)) continue;
    const values = operandsOf(tree);
    const { size } = dispatches.get(i) as Dispatch;
    const code = shader(tree, values, size);
    newNodes[i] = { ...(nodes[i] as Operation), attributes: [{ name: 'fused', type: 0, value: code }], inputs: values };
    newDispatches.set(i, { ...compile(code, size), uniforms: new Uint8Array(), size, inPlace: false });
  }
  return { nodes: newNodes, outputs, dispatches: newDispatches };

  function countUses(): Map<number, number> {
    const counts = new Map<number, number>();
    const use = (value: NodeOutput, times = 1): void => void counts.set(of(value).node, (counts.get(of(value).node) ?? 0) + times);
    for (const i of [...once, ...every]) for (const input of (nodes[i] as Operation).inputs) use(input);
    for (const output of outputs) use(output, Infinity);
    return counts;
  }

  /** The operation with those of its operands that can be computed on the way; undefined when it is not elementwise. */
  function treeOf(i: number): Tree | undefined {
    const dispatch = dispatches.get(i);
    if (!dispatch?.elementwise) return undefined;
    const { elementwise: what, size } = dispatch;
    const inputs = (nodes[i] as Operation).inputs.map(of);
    let tree: Tree = { what, operands: inputs, first: i };
    inputs.forEach((input, k) => {
      const below = trees.get(input.node);
      const fits = below && uses.get(input.node) === 1 && what.aligned.includes(what.operands[k] as string) && dispatches.get(input.node)?.size === size;
      if (!fits || stateChanges[below.first] !== stateChanges[i] || operandsOf(below).some(({ node }) => changed.has(node))) return;
      const grown = { what, operands: tree.operands.with(k, below), first: Math.min(tree.first, below.first) };
      if (operandsOf(grown).length <= MOST_OPERANDS) tree = grown;
    });
    return tree;
  }
}

function isTree(operand: NodeOutput | Tree): operand is Tree {
  return 'what' in operand;
}

function inner({ operands }: Tree): Tree[] {
  return operands.filter(isTree).flatMap((tree) => [tree, ...inner(tree)]);
}

/** The values that it reads from memory, each once. */
function operandsOf({ operands }: Tree): NodeOutput[] {
  const all = operands.flatMap((operand) => (isTree(operand) ? operandsOf(operand) : [operand]));
  return all.filter((value, i) => all.findIndex((other) => same(value, other)) === i);
}

function same(a: NodeOutput, b: NodeOutput): boolean {
  return a.node === b.node && a.output === b.output;
}

function shader(tree: Tree, values: readonly NodeOutput[], size: number): string {
  return `
@group(0) @binding(0) var<storage, read_write> result: array<f32>;
${values.map((_, k) => `@group(0) @binding(${k + 1}) var<storage, read> operand${k}: array<f32>;`).join('\n')}
${functions(tree, values, 'f_')}
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  for (var i = id.x; i < ${size}u; i += groups.x * ${WORKGROUP}u) { result[i] = f_element(i32(i)); }
}`;
}

/** Of the operation and those below it, each with a prefix of its own. */
function functions({ what, operands }: Tree, values: readonly NodeOutput[], prefix: string): string {
  const reads = operands.map((operand, k) => {
    const name = `${prefix}${what.operands[k]}`;
    if (!isTree(operand)) return `fn ${name}(i: i32) -> f32 { return operand${values.findIndex((value) => same(value, operand))}[i]; }`;
    return `${functions(operand, values, `${name}_`)}\nfn ${name}(i: i32) -> f32 { return ${name}_element(i); }`;
  });
  return [...reads, what.element.replaceAll('$', prefix)].join('\n');
}
