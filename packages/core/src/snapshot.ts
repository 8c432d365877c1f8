import * as tf from '@tensorflow/tfjs';
import { CheckpointError } from './errors.js';
import { bytesOf, type StoredTensor, valuesOf } from './safetensors.js';

/** Everything a run is at one step, as plain values: what a checkpoint file holds. */
export interface Snapshot {
  readonly manifest: Manifest;
  /** `networks/…`, `averages/…`, `optimizers/<player>/<slot>/…`, `state/…`. */
  readonly tensors: Readonly<Record<string, StoredTensor>>;
}

/** Says what the tensors belong to, and holds every number that is not a tensor. */
export interface Manifest {
  readonly format: 'ganzoo-checkpoint';
  readonly version: 1;
  readonly variant: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly data: { readonly name: string; readonly shape: readonly number[] };
  /** With the step and the positions, all there is to know of the random numbers: streams are derived from them. */
  readonly seed: number;
  readonly emaDecay: number;
  readonly step: number;
  readonly imagesShown: number;
  /** Position in the endless sequence of samples, per domain. */
  readonly positions: Readonly<Record<string, number>>;
  /** Updates made, per player: Adam's t. */
  readonly updates: Readonly<Record<string, number>>;
}

/** The parts of a manifest that say which run a checkpoint belongs to. */
export type RunIdentity = Pick<Manifest, 'variant' | 'config' | 'data' | 'seed' | 'emaDecay'>;

/** @throws {CheckpointError} naming the first part that differs. */
export function checkIdentity(found: RunIdentity, expected: RunIdentity): void {
  for (const part of ['variant', 'data', 'config', 'seed', 'emaDecay'] as const) {
    const [there, here] = [canonicalJson(found[part]), canonicalJson(expected[part])];
    if (there === here) continue;
    throw new CheckpointError(`The checkpoint belongs to another run: its ${part} is ${there}, this run's is ${here}.`, {
      remedy: 'Resume with the settings of that run, or choose another run folder.',
    });
  }
}

/** Values of variables, read to the host, under `prefix/name`. */
export async function readVariables(prefix: string, variables: Iterable<readonly [string, tf.Tensor]>): Promise<Record<string, StoredTensor>> {
  const stored: Record<string, StoredTensor> = {};
  for (const [name, variable] of variables) {
    const values = await variable.data();
    const integer = variable.dtype === 'int32' || variable.dtype === 'bool';
    const data = bytesOf(integer ? Int32Array.from(values as Int32Array) : Float32Array.from(values as Float32Array));
    stored[`${prefix}/${name}`] = { dtype: integer ? 'I32' : 'F32', shape: [...variable.shape], data };
  }
  return stored;
}

/** @throws {CheckpointError} when a value is missing or of another shape. */
export function writeVariables(prefix: string, variables: Iterable<readonly [string, tf.Variable]>, tensors: Snapshot['tensors']): void {
  for (const [name, variable] of variables) {
    const stored = tensors[`${prefix}/${name}`];
    if (stored?.shape.join() !== variable.shape.join()) {
      const found = stored ? `has shape [${stored.shape}] instead of [${variable.shape}]` : 'is missing';
      throw new CheckpointError(`In the checkpoint '${prefix}/${name}' ${found}.`, { remedy: 'Use a checkpoint of the same variant and version.' });
    }
    tf.tidy(() => variable.assign(tf.tensor(valuesOf(stored), variable.shape, variable.dtype)));
  }
}

/** @throws {CheckpointError} naming the first tensor with a NaN or an infinity: a broken run does not replace a good checkpoint. */
export function checkFinite(snapshot: Snapshot): void {
  for (const [name, tensor] of Object.entries(snapshot.tensors)) {
    if (tensor.dtype === 'F32' && !(valuesOf(tensor) as Float32Array).every(Number.isFinite)) {
      throw new CheckpointError(`'${name}' has values that are not finite after step ${snapshot.manifest.step}; nothing was saved.`, {
        remedy: 'Go back to the last checkpoint and lower the learning rate.',
      });
    }
  }
}

/** JSON with sorted keys: equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}
