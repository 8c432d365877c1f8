import { readFile } from 'node:fs/promises';
import { CheckpointError } from '../errors.js';
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from '../safetensors.js';
import { canonicalJson, type Manifest, type Snapshot } from '../snapshot.js';
import { sha256, writeFileAtomic } from './files.js';

/**
 * Writes a snapshot as one safetensors file: the tensors, and in its metadata the manifest and a SHA-256 over both.
 * The file is replaced whole or not at all.
 */
export async function saveCheckpoint(file: string, { manifest, tensors }: Snapshot): Promise<void> {
  const text = canonicalJson(manifest);
  await writeFileAtomic(file, encodeSafetensors(tensors, { manifest: text, sha256: contentHash(text, tensors) }));
}

/** @throws {CheckpointError} when the file is missing, not a checkpoint, or a byte of it has changed. */
export async function loadCheckpoint(file: string): Promise<Snapshot> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    throw new CheckpointError(`The checkpoint '${file}' cannot be read.`, { remedy: 'Check the path; a run keeps its checkpoints in its folder.', cause });
  }
  const damaged = (what: string): CheckpointError =>
    new CheckpointError(`The checkpoint '${file}' ${what}.`, { remedy: 'Delete it and resume from another checkpoint, or restore it from a copy.' });
  const { tensors, metadata } = decodeSafetensors(bytes, `The checkpoint '${file}'`);
  const { manifest: text, sha256: expected } = metadata;
  if (text === undefined || expected === undefined) throw damaged('was not written by ganzoo: it has no manifest');
  if (contentHash(text, tensors) !== expected) throw damaged('is damaged: its content does not match its checksum');
  const manifest = JSON.parse(text) as Manifest; // whole, since the checksum holds
  if (manifest.format !== 'ganzoo-checkpoint' || manifest.version !== 1) {
    throw damaged(`has version ${String(manifest.version)} of its format; this ganzoo reads version 1`);
  }
  return { manifest, tensors };
}

/** SHA-256 of the networks' weights: names, shapes and values. Equal runs have equal hashes. */
export function weightsSha256(snapshot: Snapshot): string {
  const networks = Object.fromEntries(Object.entries(snapshot.tensors).filter(([name]) => name.startsWith('networks/')));
  return contentHash('', networks);
}

function contentHash(text: string, tensors: Readonly<Record<string, StoredTensor>>): string {
  const parts = Object.entries(tensors)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, { dtype, shape, data }]) => [name, dtype, shape, sha256(data)]);
  return sha256(JSON.stringify([text, parts]));
}
