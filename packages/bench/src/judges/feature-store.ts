import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { bytesOf, CheckpointError, decodeSafetensors, encodeSafetensors, type Matrix, valuesOf } from '@ganzoo/core';
import { sha256, writeFileAtomic } from '@ganzoo/core/node';

/**
 * Features of real images, kept in a folder of the run: they are the same for every cell that is scored by one
 * protocol, and making them takes longer than scoring a generator.
 */
export class FeatureStore {
  /** @param folder for a run's own features: they belong to its engine. */
  constructor(private readonly folder: string) {}

  /** The features kept under the key; made, and kept, when there are none or the file is damaged. */
  async remember(key: string, make: () => Promise<Matrix>): Promise<Matrix> {
    const file = path.join(this.folder, `${sha256(key).slice(0, 16)}.safetensors`);
    const kept = existsSync(file) ? await read(file, key) : undefined;
    if (kept) return kept;
    const made = await make();
    const { rows, columns } = made;
    const data = bytesOf(Float32Array.from(made.data));
    await writeFileAtomic(file, encodeSafetensors({ features: { dtype: 'F32', shape: [rows, columns], data } }, { key, sha256: sha256(data) }));
    return made;
  }
}

async function read(file: string, key: string): Promise<Matrix | undefined> {
  try {
    const { tensors, metadata } = decodeSafetensors(await readFile(file), file);
    const { features } = tensors;
    if (!features || metadata.key !== key || metadata.sha256 !== sha256(features.data)) return undefined;
    const [rows, columns] = features.shape as [number, number];
    return { data: Float32Array.from(valuesOf(features)), rows, columns };
  } catch (error) {
    if (error instanceof CheckpointError) return undefined;
    throw error;
  }
}
