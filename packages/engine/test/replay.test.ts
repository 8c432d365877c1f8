import type * as tf from '@tensorflow/tfjs';
import { array, assert, integer, nat, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GraphNode, Operation } from '../src/trace/recording.js';
import { fuse } from '../src/webgpu/replay/fuse.js';
import { type MoveLayout, ProgramLayout } from '../src/webgpu/replay/layout.js';
import { shareMemory } from '../src/webgpu/replay/lifetimes.js';
import { checkMemory } from '../src/webgpu/replay/program.js';
import type { Dispatch, GpuRecording } from '../src/webgpu/replay/record.js';
import { simplify } from '../src/webgpu/replay/simplify.js';

describe('memory shared by values whose lives do not meet', () => {
  it('is large enough, and never shared by two that live at the same time', () => {
    const life = record({ bytes: integer({ min: 1, max: 1000 }), length: nat(10) });
    assert(
      property(array(life, { maxLength: 60 }), array(integer({ min: 1, max: 1000 }), { maxLength: 5 }), (lives, sizes) => {
        const lifetimes = lives.map(({ bytes, length }, from) => ({ bytes, from, to: from + length }));
        const sharing = shareMemory(lifetimes, sizes);
        const tooSmall = lifetimes.filter(({ bytes }, i) => (sharing.sizes[sharing.slots[i] as number] as number) < bytes);
        // A step may not write what it reads: a life that begins where another ends meets it.
        const clashes = lifetimes.flatMap((one, i) => lifetimes.filter((other, j) => j > i && other.from <= one.to && sharing.slots[i] === sharing.slots[j]));
        expect([tooSmall, clashes]).toEqual([[], []]);
      }),
    );
  });

  it('is used again: of a chain two pieces', () => {
    const chain = Array.from({ length: 10 }, (_, from) => ({ bytes: 100, from, to: from + 1 }));
    expect(shareMemory(chain)).toEqual({ slots: [0, 1, 0, 1, 0, 1, 0, 1, 0, 1], sizes: [100, 100] });
  });
});

describe('a recording, simplified', () => {
  const input = (position: number): GraphNode => ({ kind: 'input', position, dtype: 'float32', shape: [] });
  const constant = (value: number): GraphNode => ({ kind: 'constant', dtype: 'float32', shape: [], values: Float32Array.of(value) });
  const operation = (name: string, ...inputs: number[]): GraphNode => ({ kind: 'operation', name, attributes: [], inputs: inputs.map((node) => ({ node, output: 0 })) });
  const recording = (nodes: GraphNode[], outputs: number[], inPlace: number[] = []): GpuRecording => ({
    nodes,
    outputs: outputs.map((node) => ({ node, output: 0 })),
    dispatches: new Map(nodes.flatMap((node, i) => (node.kind === 'operation' ? [[i, { inPlace: inPlace.includes(i) } as Dispatch] as const] : []))),
  });
  const nothing = (): boolean => false;

  it('runs what an output needs, and nothing else', () => {
    const { every, once } = simplify(recording([input(0), operation('Neg', 0), operation('Exp', 0), operation('Tanh', 1)], [3]), nothing);
    expect([every, once]).toEqual([[1, 3], []]);
  });

  it('computes once what is computed twice, and what follows from it', () => {
    const nodes = [input(0), operation('Neg', 0), operation('Neg', 0), operation('Exp', 1), operation('Exp', 2), operation('Add', 3, 4)];
    const { every, of } = simplify(recording(nodes, [5]), nothing);
    expect(every).toEqual([1, 3, 5]);
    expect(of({ node: 4, output: 0 })).toEqual({ node: 3, output: 0 });
  });

  it('sets apart what depends on constants alone; 0 and -0 are two', () => {
    const nodes = [input(0), constant(0), constant(-0), operation('Add', 1, 2), operation('Mul', 0, 3)];
    const { every, once, of } = simplify(recording(nodes, [4]), nothing);
    expect([every, once]).toEqual([[4], [3]]);
    expect(of({ node: 2, output: 0 }).node).toBe(2);
  });

  it('makes anew at every run what is changed in place, and never takes two of it for one', () => {
    const nodes = [input(0), operation('Fill'), operation('Scatter', 0, 1), operation('Fill'), operation('Scatter', 0, 3), operation('Add', 2, 4)];
    const { every, once } = simplify(recording(nodes, [5], [2, 4]), nothing);
    expect([every, once]).toEqual([[1, 2, 3, 4, 5], []]);
  });

  it('keeps what changes state, though nobody needs its result', () => {
    const nodes = [input(0), input(1), operation('Neg', 1), operation('AdamUpdate', 0, 2)];
    expect(simplify(recording(nodes, []), ({ name }) => name === 'AdamUpdate').every).toEqual([2, 3]);
  });
});

describe('elementwise operations that follow each other', () => {
  const input = (position: number): GraphNode => ({ kind: 'input', position, dtype: 'float32', shape: [] });
  const operation = (name: string, ...inputs: number[]): GraphNode => ({ kind: 'operation', name, attributes: [], inputs: inputs.map((node) => ({ node, output: 0 })) });

  /** Which inputs each operation reads after fusing; `other` is none of them, an `Update` changes state. Sizes are 8 but for those given. */
  function fused(nodes: GraphNode[], outputs: number[], { sizes = {}, inPlace = [] }: { sizes?: Record<number, number>; inPlace?: number[] } = {}): Record<number, number[]> {
    const dispatches = new Map(
      nodes.flatMap((node, i): [number, Dispatch][] => {
        if (node.kind !== 'operation' || node.name === 'Update') return [];
        const names = node.inputs.map((_, k) => `o${k}`);
        const element = `fn $element(i: i32) -> f32 { return ${node.name.codePointAt(0)}.0 + ${names.map((name) => `$${name}(i)`).join(' + ')}; }`;
        const elementwise = node.name === 'other' || inPlace.includes(i) ? undefined : { key: node.name, operands: names, aligned: names, outShape: [8], element };
        return [[i, { size: sizes[i] ?? 8, inPlace: inPlace.includes(i), elementwise } as unknown as Dispatch]];
      }),
    );
    const changes = ({ name }: { name: string }): boolean => name === 'Update';
    const recording = fuse({ nodes, outputs: outputs.map((node) => ({ node, output: 0 })), dispatches }, changes, () => ({}) as never);
    const { every } = simplify(recording, changes);
    return Object.fromEntries(every.map((i) => [i, (recording.nodes[i] as Operation).inputs.map(({ node }) => node)]));
  }

  it('are one', () => {
    expect(fused([input(0), input(1), operation('a', 0, 1), operation('b', 2), operation('c', 3, 1)], [4])).toEqual({ 4: [0, 1] });
  });

  it('stay two where another needs the value too, or it is asked for', () => {
    expect(fused([input(0), operation('a', 0), operation('b', 1), operation('other', 1)], [2, 3])).toEqual({ 1: [0], 2: [1], 3: [1] });
    expect(fused([input(0), operation('a', 0), operation('b', 1)], [1, 2])).toEqual({ 1: [0], 2: [1] });
    expect(fused([input(0), operation('a', 0), operation('b', 1, 1)], [2])).toEqual({ 1: [0], 2: [1, 1] });
  });

  it('stay two where they are not of one size, or one is another kind of operation', () => {
    expect(fused([input(0), operation('a', 0), operation('b', 1)], [2], { sizes: { 1: 4 } })).toEqual({ 1: [0], 2: [1] });
    expect(fused([input(0), operation('other', 0), operation('b', 1)], [2])).toEqual({ 1: [0], 2: [1] });
  });

  it('stay two where a variable is moved in between, or the value read is changed in place', () => {
    expect(fused([input(0), operation('a', 0), operation('Update', 0), operation('b', 1)], [3])).toEqual({ 1: [0], 2: [0], 3: [1] });
    const nodes = [input(0), operation('other', 0), operation('a', 1), operation('scatter', 0, 1), operation('b', 2, 3)];
    expect(fused(nodes, [4], { inPlace: [3] })).toEqual({ 1: [0], 2: [1], 3: [0, 1], 4: [2, 3] });
  });

  it('read at most seven values', () => {
    const nodes = [...Array.from({ length: 9 }, (_, i) => input(i)), operation('a', 0, 1, 2, 3), operation('b', 4, 5, 6), operation('c', 9, 10), operation('d', 11, 7), operation('e', 12, 8)];
    expect(fused(nodes, [13])).toEqual({ 11: [0, 1, 2, 3, 4, 5, 6], 13: [11, 7, 8] });
  });

  it('computed the same are computed once; fused ones that differ are not taken for one', () => {
    const nodes = [input(0), operation('a', 0), operation('c', 1), operation('b', 0), operation('c', 3), operation('other', 2, 4)];
    expect(fused(nodes, [5])).toEqual({ 2: [0], 4: [0], 5: [2, 4] });
  });
});

describe('the memory of a program', () => {
  const limits = { maxBufferSize: 2 ** 27 };

  it('larger than the GPU allows is refused, with both sizes, before any is taken', () => {
    expect(() => checkMemory([{ bytes: 2 ** 20 }, { bytes: 2 ** 27 + 2 ** 20 }], limits)).toThrow("As one call the move needs 129.0 MiB of the GPU's memory in one piece, and this GPU allows 128.0 MiB.");
    expect(() => checkMemory([{ bytes: 2 ** 27 }], limits)).not.toThrow();
    expect(() => checkMemory([], limits)).not.toThrow();
  });

  it('of weights that one optimizer moves is bound in pieces that the GPU can bind', () => {
    const [weights, numbers] = [3, 64];
    const moved = 3; // weights, slots, gradients
    // Inputs: weight, slot, weight, slot, ..., then gradients, rate and epsilon.
    const nodes: GraphNode[] = Array.from({ length: 2 * weights + weights + 2 }, (_, position) => ({ kind: 'input', position, dtype: 'float32', shape: position < 3 * weights ? [numbers] : [] }));
    const from = (node: number) => ({ node, output: 0 });
    for (let i = 0; i < weights; i++) nodes.push({ kind: 'operation', name: 'RmsPropUpdate', attributes: [{ name: 'decay', type: 1, value: 0.9 }], inputs: [2 * i, 2 * i + 1, 2 * weights + i, 3 * weights, 3 * weights + 1].map(from) });
    const outputs = Array.from({ length: weights }, (_, i) => [0, 1].map((output) => ({ node: 3 * weights + 2 + i, output }))).flat();
    const variables = Array.from({ length: 2 * weights }, () => ({ size: numbers })) as tf.Variable[];
    const move = { recording: { nodes, outputs, dispatches: new Map() }, updates: outputs.map((_, i) => i), results: [] };
    const updates = (largestBinding: number) => {
      const { moves } = new ProgramLayout({ alignment: 256, largestBinding }, variables, [move]);
      return (moves[0] as MoveLayout).every.flatMap((step) => (step.kind === 'update' ? [step.moved.map(({ offset, bytes }) => [offset, bytes])] : []));
    };

    const whole = 3 * numbers * 4;
    expect(updates(whole)).toEqual([Array.from({ length: moved }, () => [0, whole])]);
    expect(updates(whole - 1)).toEqual([Array.from({ length: moved }, () => [0, 512]), Array.from({ length: moved }, () => [512, 256])]);
    expect(updates(256)).toHaveLength(3);
  });
});
