import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Program, RecordedRun } from '@ganzoo/core';
import type * as tf from '@tensorflow/tfjs';
import { tensorFlowBackend } from './backend.js';
import { type MoveNodes, moveNodes, variableNodes } from './program-nodes.js';
import type { Recording } from './recording.js';
import { encodeSavedModel, TAG } from './saved-model.js';

interface Loaded {
  readonly id: number;
  readonly moves: readonly MoveNodes[];
}

/**
 * Recorded moves over one set of variables in one TensorFlow session, in which the variables live: two sessions do not share
 * variables. Operations that update a weight do it in place.
 */
export class GraphProgram implements Program {
  private readonly recordings: { recording: Recording; updates: readonly number[] }[] = [];
  private loaded: Loaded | undefined;

  constructor(private readonly variables: readonly tf.Variable[]) {}

  add(recorded: RecordedRun, updates: readonly number[]): number {
    const { recording } = recorded as RecordedRun & { recording: Recording };
    this.unload();
    moveNodes(recording, { variables: this.variables, updates, prefix: 'check/' }); // throws for what cannot be written
    return this.recordings.push({ recording, updates }) - 1;
  }

  run(move: number, inputs: readonly tf.Tensor[]): tf.Tensor[] {
    const { id, moves } = this.loaded as Loaded;
    const { fed, fetched } = moves[move] as MoveNodes;
    const results = tensorFlowBackend().runSavedModel(id, fed.map(({ position }) => inputs[position] as tf.Tensor), fed as { name: string; position: number }[], fetched.flatMap((one) => ('name' in one ? [one.name] : [])));
    let next = 0;
    return fetched.map((one) => ('name' in one ? (results[next++] as tf.Tensor) : (inputs[one.position] as tf.Tensor).clone()));
  }

  load(): void {
    this.loaded ??= this.compile();
    const infos = this.variables.map((_, i) => ({ name: `feed${i}:0` }));
    tensorFlowBackend().runSavedModel(this.loaded.id, [...this.variables], infos, ['loaded:0']).forEach((tensor) => tensor.dispose());
  }

  store(): void {
    const names = this.variables.map((_, i) => `value${i}:0`);
    const values = tensorFlowBackend().runSavedModel((this.loaded as Loaded).id, [], [], names);
    this.variables.forEach((variable, i) => {
      const value = values[i] as tf.Tensor;
      variable.assign(value);
      value.dispose();
    });
  }

  dispose(): void {
    this.unload();
  }

  private unload(): void {
    if (this.loaded) tensorFlowBackend().deleteSavedModel(this.loaded.id);
    this.loaded = undefined;
  }

  /** Hands the graph to TensorFlow. The folder that its loader wants is gone when this returns. */
  private compile(): Loaded {
    const moves = this.recordings.map(({ recording, updates }, i) => moveNodes(recording, { variables: this.variables, updates, prefix: `m${i}/` }));
    const nodes = [...variableNodes(this.variables), ...moves.flatMap(({ nodes }) => nodes)];
    const folder = mkdtempSync(path.join(tmpdir(), 'ganzoo-graph-'));
    try {
      writeFileSync(path.join(folder, 'saved_model.pb'), encodeSavedModel(nodes));
      return { id: tensorFlowBackend().loadSavedModelMetaGraph(folder, TAG), moves };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
