import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { tensorFlowBackend } from './backend.js';
import { encodeSavedModel, type NodeDef, TAG } from './saved-model.js';

/** Hands a graph to TensorFlow. The folder that its loader wants is gone when this returns. @returns the session's number */
export function openSession(nodes: readonly NodeDef[]): number {
  const folder = mkdtempSync(path.join(tmpdir(), 'ganzoo-graph-'));
  try {
    writeFileSync(path.join(folder, 'saved_model.pb'), encodeSavedModel(nodes));
    return tensorFlowBackend().loadSavedModelMetaGraph(folder, TAG);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
