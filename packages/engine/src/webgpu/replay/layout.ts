import { EngineError } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import type { NodeOutput, Operation } from '../../trace/recording.js';
import { isUpdate } from '../../trace/updates.js';
import { BYTES } from '../internals.js';
import { type Lifetime, shareMemory } from './lifetimes.js';
import type { Dispatch, GpuRecording } from './record.js';
import { type Simplified, simplify } from './simplify.js';
import { type UpdateGroup, updateGroups } from './update-groups.js';

/** What a GPU asks of places. */
export interface PlaceLimits {
  /** Of the offsets at which a binding may begin, in bytes. */
  readonly alignment: number;
  /** Bytes of a binding, at most. */
  readonly largestBinding: number;
}

/** Memory that will be one buffer. */
export class Area {
  bytes = 0;

  constructor(private readonly alignment: number) {}

  /** The next place in it. */
  add(bytes: number): Place {
    const offset = this.bytes;
    this.bytes += Math.ceil(bytes / this.alignment) * this.alignment;
    return { area: this, offset, bytes };
  }
}

export interface Place {
  readonly area: Area;
  readonly offset: number;
  readonly bytes: number;
}

export type Step =
  | { readonly kind: 'dispatch'; readonly dispatch: Dispatch; readonly operands: readonly Place[]; readonly result: Place }
  | { readonly kind: 'update'; readonly group: UpdateGroup; /** Weights and slots, gradient: places from end to end. */ readonly moved: readonly Place[]; readonly rate: Place; readonly epsilon: Place }
  | { readonly kind: 'copy'; readonly from: Place; readonly to: Place };

/** A recorded move with a place for every value. */
export interface MoveLayout {
  /** To be run once: what depends on constants alone. */
  readonly once: readonly Step[];
  readonly every: readonly Step[];
  /** What is written before the first run. */
  readonly constants: readonly { readonly place: Place; readonly values: tf.TypedArray }[];
  /** What is written or copied before every run: inputs behind the variables, by their position. */
  readonly inputs: readonly { readonly place: Place; readonly position: number }[];
  readonly inputArea: Area;
  readonly results: readonly (Result & { readonly place: Place })[];
  /** New values of variables, where they were not moved in place. */
  readonly writes: readonly Write[];
}

interface Write {
  readonly from: Place;
  readonly to: Place;
}

export interface RecordedMove {
  readonly recording: GpuRecording;
  /** Which variables the last outputs are the new values of. */
  readonly updates: readonly number[];
  /** Of the outputs before them. */
  readonly results: readonly Result[];
}

export interface Result {
  readonly shape: readonly number[];
  readonly dtype: tf.DataType;
  /** As what its values are kept: a cast from int32 to float32 is a change of name to TensorFlow.js. */
  readonly kept: tf.DataType;
}

/** The places of all moves over one set of variables; what lives only within a run is in memory that all share. */
export class ProgramLayout {
  /** By the variable's number. */
  readonly variables: readonly Place[];
  readonly moves: readonly MoveLayout[];
  /** Every area, so that whoever makes the buffers finds them. */
  readonly areas: Area[] = [];
  private readonly scratch: Area[] = [];
  /** Where the gradients of these variables lie, by the numbers of the weights. */
  private readonly gradients = new Map<string, readonly Place[]>();
  /** Variables that no optimizer moves in place, and their new values, at the same offsets: all are written by one copy. */
  private readonly others: Area;
  private readonly newOthers: Area;

  /** @throws {EngineError} when a move cannot run so. */
  constructor(
    private readonly limits: PlaceLimits,
    variables: readonly tf.Variable[],
    moves: readonly RecordedMove[],
  ) {
    [this.others, this.newOthers] = [this.area(), this.area()];
    const groups = moves.map(({ recording }) => updateGroups(recording, variables.length));
    this.variables = this.placeVariables(variables, groups.flat());
    this.moves = moves.map((move, i) => this.layout(move, groups[i] as UpdateGroup[]));
  }

  private area(): Area {
    const area = new Area(this.limits.alignment);
    this.areas.push(area);
    return area;
  }

  /** Weights that one optimizer moves lie side by side, and so do their slots of a kind: the largest groups first. */
  private placeVariables(variables: readonly tf.Variable[], groups: readonly UpdateGroup[]): Place[] {
    const places: Place[] = [];
    const bytes = (variable: number): number => (variables[variable] as tf.Variable).size * BYTES;
    for (const { members } of [...groups].sort((a, b) => b.members.length - a.members.length)) {
      const weights = members.map((member) => member.variables[0] as number);
      const columns = (members[0] as UpdateGroup['members'][number]).variables.map((_, k) => members.map((member) => member.variables[k] as number));
      for (const column of columns) {
        const area = this.area();
        for (const variable of column) places[variable] ??= area.add(bytes(variable));
      }
      if (this.gradients.has(weights.join())) continue;
      const area = this.area();
      this.gradients.set(weights.join(), weights.map((weight) => area.add(bytes(weight))));
    }
    return variables.map((_, i) => {
      if (!places[i]) this.newOthers.add(bytes(i));
      return places[i] ?? this.others.add(bytes(i));
    });
  }

  private layout({ recording, updates, results }: RecordedMove, groups: readonly UpdateGroup[]): MoveLayout {
    const { nodes, outputs, dispatches } = recording;
    const { once, every, of } = simplify(recording, isUpdate);
    const written = outputs.slice(results.length);
    const [constantArea, inputArea] = [this.area(), this.area()];
    const constants: { place: Place; values: tf.TypedArray }[] = [];
    const inputs: { place: Place; position: number }[] = [];
    /** By the node; an update's outputs are where the variables are. */
    const places: Place[] = [];
    const movedBy = new Map(groups.flatMap(({ members }) => members.map((member) => [member.node, member] as const)));
    const placeOf = (value: NodeOutput): Place => {
      const { node: i, output } = of(value);
      const moved = movedBy.get(i);
      if (moved) return this.variables[moved.variables[output] as number] as Place;
      const node = nodes[i] as (typeof nodes)[number];
      if (node.kind === 'constant' && places[i] === undefined) {
        places[i] = constantArea.add(tf.util.sizeFromShape([...node.shape]) * BYTES);
        constants.push({ place: places[i], values: node.values });
      } else if (node.kind === 'input' && places[i] === undefined) {
        if (node.position < this.variables.length) return this.variables[node.position] as Place;
        places[i] = inputArea.add(tf.util.sizeFromShape([...node.shape]) * BYTES);
        inputs.push({ place: places[i], position: node.position - this.variables.length });
      }
      return places[i] as Place;
    };

    this.refuseLateReads(recording, every, of, groups);
    this.placeWhereWanted(recording, { once, every, of }, [...this.wantedGradients(groups), ...this.wantedWrites(written, updates)], places);
    const lastUses = this.lastUses(recording, { once, every, of }, groups);
    this.placeResults(recording, { once, every, of }, lastUses, places);

    const dispatched = (i: number): Step => {
      const dispatch = dispatches.get(i) as Dispatch;
      const operands = (nodes[i] as Operation).inputs.map(placeOf);
      const result = dispatch.inPlace ? (operands.pop() as Place) : (places[i] as Place);
      return { kind: 'dispatch', dispatch, operands, result };
    };
    const endOf = new Map(groups.map((group) => [lastNode(group), group]));
    const steps = every.flatMap((i): Step[] => {
      if (!movedBy.has(i)) return [dispatched(i)];
      const group = endOf.get(i);
      return group ? this.updateSteps(group, placeOf) : [];
    });
    const writes = written.flatMap((value, k) => {
      const [from, to] = [placeOf(value), this.variables[updates[k] as number] as Place];
      return from === to ? [] : [{ from, to }];
    });
    return { once: once.map(dispatched), every: steps, constants, inputs, inputArea, results: results.map((result, k) => ({ ...result, place: placeOf(outputs[k] as NodeOutput) })), writes: this.inOrder(writes) };
  }

  /** Those that read a variable first, before another write changes it; of the others, neighbours as one. */
  private inOrder(writes: readonly Write[]): Write[] {
    const isVariable = new Set(this.variables.map(({ area }) => area));
    const early = writes.filter(({ from }) => isVariable.has(from.area));
    const late = writes.filter(({ from }) => !isVariable.has(from.area)).sort((a, b) => a.to.offset - b.to.offset);
    const merged: Write[] = [];
    for (const write of late) {
      const last = merged.at(-1);
      if (last && follow(last.from, write.from, this.limits.alignment) && follow(last.to, write.to, this.limits.alignment)) merged[merged.length - 1] = { from: joined(last.from, write.from), to: joined(last.to, write.to) };
      else merged.push(write);
    }
    return [...early, ...merged];
  }

  /** @throws {EngineError} when a variable's old value is used after an update has moved it in place. */
  private refuseLateReads({ nodes, outputs }: GpuRecording, every: readonly number[], of: Simplified['of'], groups: readonly UpdateGroup[]): void {
    const movedAt = new Map(groups.flatMap((group) => group.members.flatMap(({ variables }) => variables.map((variable) => [variable, lastNode(group)] as const))));
    const refuse = (value: NodeOutput, user: number): void => {
      const node = nodes[of(value).node];
      if (node?.kind !== 'input' || (movedAt.get(node.position) ?? Infinity) >= user) return;
      throw new EngineError("A move uses a weight's old value after its update.", { remedy: 'Compute what needs it before the update; the trainer goes on eagerly.' });
    };
    for (const i of every) for (const value of (nodes[i] as Operation).inputs) refuse(value, i);
    for (const value of outputs) refuse(value, nodes.length);
  }

  private gradientPlaces({ members }: UpdateGroup): readonly Place[] {
    return this.gradients.get(members.map(({ variables: [weight] }) => weight).join()) as readonly Place[];
  }

  /** Gradients where their update reads them. */
  private wantedGradients(groups: readonly UpdateGroup[]): [NodeOutput, Place][] {
    return groups.flatMap((group) => group.members.map(({ gradient }, j): [NodeOutput, Place] => [gradient, this.gradientPlaces(group)[j] as Place]));
  }

  /** New values of variables where the copy reads them. */
  private wantedWrites(written: readonly NodeOutput[], updates: readonly number[]): [NodeOutput, Place][] {
    return written.flatMap((value, k): [NodeOutput, Place][] => {
      const { area, offset, bytes } = this.variables[updates[k] as number] as Place;
      return area === this.others ? [[value, { area: this.newOthers, offset, bytes }]] : [];
    });
  }

  /** Puts results out where they are wanted, unless the operation that makes one reads another from there: one operation does not read and write the same buffer. */
  private placeWhereWanted({ nodes, dispatches }: GpuRecording, { every, of }: Simplified, wanted: readonly (readonly [NodeOutput, Place])[], places: Place[]): void {
    const first = new Map([...wanted].reverse().map(([value, place]) => [of(value).node, place]));
    for (const i of every) {
      const place = first.get(i);
      const dispatch = dispatches.get(i);
      if (!place || !dispatch || dispatch.inPlace || dispatch.size * BYTES !== place.bytes) continue;
      const reads = (nodes[i] as Operation).inputs.some((input) => places[of(input).node]?.area === place.area);
      if (!reads) places[i] = place;
    }
  }

  /** Of each value in memory of its own, the last step that uses it; what is changed in place is one value with what it becomes. */
  private lastUses({ nodes, outputs, dispatches }: GpuRecording, { every, of }: Simplified, groups: readonly UpdateGroup[]): Map<number, number> {
    const last = new Map<number, number>();
    const root = (i: number): number => (dispatches.get(i)?.inPlace === true ? root(of((nodes[i] as Operation).inputs.at(-1) as NodeOutput).node) : i);
    const use = (value: NodeOutput, step: number): void => void last.set(root(of(value).node), step);
    every.forEach((i, step) => {
      for (const input of (nodes[i] as Operation).inputs) use(input, step);
    });
    // A group's gradients are used at its end.
    for (const group of groups) {
      const step = every.indexOf(lastNode(group));
      for (const { gradient } of group.members) use(gradient, step);
    }
    for (const output of outputs) use(output, Infinity);
    return last;
  }

  private placeResults({ nodes, dispatches }: GpuRecording, { once, every, of }: Simplified, lastUses: ReadonlyMap<number, number>, places: Place[]): void {
    for (const i of once) places[i] = this.area().add((dispatches.get(i) as Dispatch).size * BYTES);
    const made = every.flatMap((i, from) => {
      const dispatch = dispatches.get(i);
      return dispatch && !dispatch.inPlace && places[i] === undefined ? [{ i, lifetime: { bytes: dispatch.size * BYTES, from, to: lastUses.get(i) ?? from } satisfies Lifetime }] : [];
    });
    const { slots, sizes } = shareMemory(made.map(({ lifetime }) => lifetime), this.scratch.map(({ bytes }) => bytes));
    sizes.forEach((bytes, slot) => ((this.scratch[slot] ??= this.area()).bytes = bytes));
    made.forEach(({ i, lifetime }, k) => (places[i] = { area: this.scratch[slots[k] as number] as Area, offset: 0, bytes: lifetime.bytes }));
    for (const i of every) {
      if (dispatches.get(i)?.inPlace === true) places[i] = places[of((nodes[i] as Operation).inputs.at(-1) as NodeOutput).node] as Place;
    }
  }

  /** Members whose places lie end to end in every respect are moved by one dispatch, as far as bindings reach. */
  private updateSteps(group: UpdateGroup, placeOf: (value: NodeOutput) => Place): Step[] {
    const gradients = this.gradientPlaces(group);
    const steps: Step[] = group.members.flatMap(({ gradient }, j) => {
      const [from, to] = [placeOf(gradient), gradients[j] as Place];
      return from === to ? [] : [{ kind: 'copy', from, to }];
    });
    const [rate, epsilon] = [placeOf(group.rate), placeOf(group.epsilon)];
    let spans: (readonly Place[])[] = [];
    group.members.forEach(({ variables }, j) => {
      const one = [...variables.map((variable) => this.variables[variable] as Place), gradients[j] as Place];
      const open = spans.at(-1);
      const follows = open?.every((span, k) => follow(span, one[k] as Place, this.limits.alignment) && joined(span, one[k] as Place).bytes <= this.limits.largestBinding);
      if (open && follows) spans = [...spans.slice(0, -1), open.map((span, k) => joined(span, one[k] as Place))];
      else spans.push(one);
    });
    return [...steps, ...spans.map((moved): Step => ({ kind: 'update', group, moved, rate, epsilon }))];
  }
}

/** Where in the recording a group is moved: at its last member. */
function lastNode({ members }: UpdateGroup): number {
  return (members.at(-1) as UpdateGroup['members'][number]).node;
}

function follow(span: Place, next: Place, alignment: number): boolean {
  return span.area === next.area && next.offset === Math.ceil((span.offset + span.bytes) / alignment) * alignment;
}

function joined(span: Place, next: Place): Place {
  return { area: span.area, offset: span.offset, bytes: next.offset + next.bytes - span.offset };
}
