import { existsSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { sampleSize } from '@ganzoo/core';
import { loadTrained } from '../trained.js';
import { listed } from './listed.js';
import type { Side, SideOptions } from './side.js';

/** Bytes of a safetensors header that are looked at. */
const LONGEST_HEADER = 2 ** 20;

/** A run folder, or a checkpoint of ours. */
export async function isRun(name: string): Promise<boolean> {
  if (!existsSync(name)) return false;
  if (statSync(name).isDirectory()) return existsSync(path.join(name, 'config.json')) && existsSync(path.join(name, 'cells'));
  if (!name.endsWith('.safetensors')) return false;
  const file = await open(name);
  try {
    const start = await file.read(Buffer.alloc(8), 0, 8, 0);
    const length = start.bytesRead === 8 ? Math.min(LONGEST_HEADER, Number(start.buffer.readBigUInt64LE())) : 0;
    const header = await file.read(Buffer.alloc(length), 0, length, 8);
    return header.buffer.includes('ganzoo-checkpoint');
  } finally {
    await file.close();
  }
}

/** Samples of a trained generator, of the best checkpoint. */
export async function trainedSide(from: string, { dataDir, generate, seed }: SideOptions): Promise<Side> {
  const { trainer, dataset: { spec }, manifest } = await loadTrained(from, dataDir === undefined ? {} : { dataDir });
  const { name: dataset, shape } = manifest.data;
  const { values } = await trainer.sample(generate, { stream: `score ${seed}` });
  trainer.dispose();
  const name = `${manifest.variant} on ${dataset} after step ${manifest.step} (${from})`;
  if (spec.kind === 'vectors') return { name, kind: 'features', features: { data: values, rows: generate, columns: shape[0] as number } };
  const size = sampleSize({ shape });
  const images = listed({ name, kind: 'images', shape }, generate, (index, into, at) => into.set(values.subarray(index * size, (index + 1) * size), at));
  return { name, kind: 'images', dataset, images };
}
