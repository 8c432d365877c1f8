import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { CheckpointError, Random, type Snapshot, Trainer } from '@ganzoo/core';
import { loadCheckpoint, saveCheckpoint, weightsSha256 } from '@ganzoo/core/node';
import { syntheticDataset } from '@ganzoo/core/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { wganSketch } from './sketches/wgan.js';

const dataset = syntheticDataset({ name: 'points', kind: 'vectors', shape: [2] });
const folder = mkdtempSync(path.join(tmpdir(), 'checkpoint-'));
const file = path.join(folder, 'last.safetensors');
let snapshot: Snapshot;

beforeAll(async () => {
  const trainer = new Trainer({ variant: wganSketch, dataset, emaDecay: 0.5 });
  await trainer.train({ steps: 2 });
  snapshot = await trainer.snapshot();
  await saveCheckpoint(file, snapshot);
});

describe('a checkpoint file', () => {
  it('gives back the snapshot and leaves no temporary file', async () => {
    const loaded = await loadCheckpoint(file);
    expect(loaded.manifest).toEqual(snapshot.manifest);
    expect(weightsSha256(loaded)).toBe(weightsSha256(snapshot));
    expect(readdirSync(folder)).toEqual(['last.safetensors']);
  });

  it('is refused when any of its bytes has changed', async () => {
    const whole = readFileSync(file);
    const loaded = await loadCheckpoint(file);
    const damaged = path.join(folder, 'damaged.safetensors');
    const random = Random.of('flips');
    const places = [8, 9, whole.length - 1, ...Array.from({ length: 200 }, () => random.integerNumber(whole.length))];
    for (const place of places) {
      const bytes = Buffer.from(whole);
      bytes[place]! ^= 1 << random.integerNumber(8);
      writeFileSync(damaged, bytes);
      const outcome = await loadCheckpoint(damaged).then(
        (snapshot) => snapshot,
        (error: unknown) => error,
      );
      const refused = outcome instanceof CheckpointError && outcome.message.includes('damaged.safetensors');
      const unharmed = isDeepStrictEqual(outcome, loaded); // a blank in the header's padding may become another white space
      expect(refused || unharmed, `byte ${place} changed`).toBe(true);
    }
  });

  it('is refused when it is missing, is no safetensors file, or was not written by ganzoo', async () => {
    await expect(loadCheckpoint(path.join(folder, 'none.safetensors'))).rejects.toThrow(/none\.safetensors' cannot be read/);
    writeFileSync(path.join(folder, 'text.safetensors'), 'hello, this is no checkpoint');
    await expect(loadCheckpoint(path.join(folder, 'text.safetensors'))).rejects.toThrow(CheckpointError);
  });
});

describe('restoring', () => {
  it('refuses a checkpoint of another config, seed, average or data set, and names the difference', () => {
    const config = { learningRate: 0.5 };
    const elsewhere = syntheticDataset({ name: 'other', kind: 'vectors', shape: [2] });
    const others: [Trainer, RegExp][] = [
      [new Trainer({ variant: wganSketch, dataset, emaDecay: 0.5, config }) as Trainer, /its config is .*0\.001.*0\.5/],
      [new Trainer({ variant: wganSketch, dataset, emaDecay: 0.5, seed: 9 }) as Trainer, /its seed is 0, this run's is 9/],
      [new Trainer({ variant: wganSketch, dataset }) as Trainer, /its emaDecay is 0\.5, this run's is 0/],
      [new Trainer({ variant: wganSketch, dataset: elsewhere, emaDecay: 0.5 }) as Trainer, /its data is .*points.*other/],
    ];
    for (const [trainer, message] of others) {
      expect(() => trainer.restore(snapshot)).toThrow(message);
      trainer.dispose();
    }
  });

  it('refuses a checkpoint that lacks a weight or has it in another shape', () => {
    const trainer = new Trainer({ variant: wganSketch, dataset, emaDecay: 0.5 });
    const [name] = Object.keys(snapshot.tensors).filter((key) => key.endsWith('hidden/kernel')) as [string];
    const { [name]: found, ...rest } = snapshot.tensors;
    expect(() => trainer.restore({ ...snapshot, tensors: rest })).toThrow(/is missing/);
    const reshaped = { ...found!, shape: [...found!.shape].reverse() };
    expect(() => trainer.restore({ ...snapshot, tensors: { ...rest, [name]: reshaped } })).toThrow(/has shape/);
    trainer.dispose();
  });
});
