import type { Program, RecordedRun } from '@ganzoo/core';
import type * as tf from '@tensorflow/tfjs';
import { tensorFlowBackend } from './backend.js';
import { type MoveNodes, moveNodes, variableNodes } from './program-nodes.js';
import type { Recording } from './recording.js';
import { openSession } from './session.js';

/**
 * Recorded moves over one set of variables in one TensorFlow session, in which the variables live: two sessions do not share
 * variables. Operations that update a weight do it in place.
 */
export class GraphProgram implements Program {
  private readonly moves: MoveNodes[] = [];
  /** Of the session that TensorFlow has, if it has one. */
  private id: number | undefined;

  constructor(private readonly variables: readonly tf.Variable[]) {}

  add(recorded: RecordedRun, updates: readonly number[]): number {
    const { recording } = recorded as RecordedRun & { recording: Recording };
    const number = this.moves.length;
    this.moves.push(moveNodes(recording, { variables: this.variables, updates, prefix: `m${number}/` }));
    this.dispose(); // the session that there is does not know this move
    return number;
  }

  run(move: number, inputs: readonly tf.Tensor[]): tf.Tensor[] {
    const { fed, fetched } = this.moves[move] as MoveNodes;
    const results = tensorFlowBackend().runSavedModel(this.id as number, fed.map(({ position }) => inputs[position] as tf.Tensor), fed as { name: string; position: number }[], fetched.flatMap((one) => ('name' in one ? [one.name] : [])));
    let next = 0;
    return fetched.map((one) => ('name' in one ? (results[next++] as tf.Tensor) : (inputs[one.position] as tf.Tensor).clone()));
  }

  load(): void {
    this.id ??= openSession([...variableNodes(this.variables), ...this.moves.flatMap(({ nodes }) => nodes)]);
    const infos = this.variables.map((_, i) => ({ name: `feed${i}:0` }));
    tensorFlowBackend().runSavedModel(this.id, [...this.variables], infos, ['loaded:0']).forEach((tensor) => tensor.dispose());
  }

  store(): void {
    const names = this.variables.map((_, i) => `value${i}:0`);
    const values = tensorFlowBackend().runSavedModel(this.id as number, [], [], names);
    this.variables.forEach((variable, i) => {
      const value = values[i] as tf.Tensor;
      variable.assign(value);
      value.dispose();
    });
  }

  dispose(): void {
    if (this.id !== undefined) tensorFlowBackend().deleteSavedModel(this.id);
    this.id = undefined;
  }
}
