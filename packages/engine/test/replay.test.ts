import { array, assert, integer, nat, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GraphNode } from '../src/trace/recording.js';
import { shareMemory } from '../src/webgpu/replay/lifetimes.js';
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
