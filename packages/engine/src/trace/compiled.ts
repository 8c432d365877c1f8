import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type * as tf from '@tensorflow/tfjs';
import { tensorFlowBackend } from './backend.js';
import type { Recording } from './recording.js';
import { encodeSavedModel, nodeName, outputName, TAG } from './saved-model.js';

/** A recording that TensorFlow runs as one call. */
export class CompiledGraph {
  private readonly id: number;
  private readonly inputs: { position: number; name: string }[];
  /** By name in the graph; or an input that comes out as it went in, which TensorFlow refuses to fetch. */
  private readonly outputs: ({ name: string } | { position: number })[];

  /** Hands the recording to TensorFlow. The folder that its loader wants is gone when this returns. */
  constructor(recording: Recording) {
    const backend = tensorFlowBackend();
    const folder = mkdtempSync(path.join(tmpdir(), 'ganzoo-graph-'));
    try {
      writeFileSync(path.join(folder, 'saved_model.pb'), encodeSavedModel(recording, backend.binding));
      this.id = backend.loadSavedModelMetaGraph(folder, TAG);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    const used = new Set(recording.nodes.flatMap((node) => (node.kind === 'operation' ? node.inputs.map((input) => input.node) : [])));
    this.inputs = recording.nodes.flatMap((node, i) => (node.kind === 'input' && used.has(i) ? [{ position: node.position, name: `${nodeName(i)}:0` }] : []));
    this.outputs = recording.outputs.map((output) => {
      const node = recording.nodes[output.node];
      return node?.kind === 'input' ? { position: node.position } : { name: outputName(output) };
    });
  }

  /** @param inputs in the order in which the recording got them. @returns the outputs, which the caller disposes. */
  run(inputs: readonly tf.Tensor[]): tf.Tensor[] {
    const fed = this.inputs.map(({ position }) => inputs[position] as tf.Tensor);
    const fetched = this.outputs.flatMap((output) => ('name' in output ? [output.name] : []));
    const results = tensorFlowBackend().runSavedModel(this.id, fed, this.inputs, fetched);
    let next = 0;
    return this.outputs.map((output) => ('name' in output ? (results[next++] as tf.Tensor) : (inputs[output.position] as tf.Tensor).clone()));
  }

  dispose(): void {
    tensorFlowBackend().deleteSavedModel(this.id);
  }
}
