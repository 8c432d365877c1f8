import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterEach, describe, expect, it } from 'vitest';
import { inChildProcess } from '../src/child-process.js';
import { loadEngine } from '../src/load.js';
import { skipWithoutNative } from './support/native.js';
import { temporaryFolder } from './support/path.js';

describe('the native engine', () => {
  it("is the back end of this project's own TensorFlow.js, not of a second one", async (context) => {
    skipWithoutNative(context);
    const engine = await loadEngine('native', { directory: temporaryFolder() });
    expect(engine.tf).toBe(tf);
    expect(tf.getBackend()).toBe('tensorflow');
    expect(tf.tensor1d([1]) instanceof tf.Tensor).toBe(true);

    // 5 steps of gradient descent on (w - 3)^2 by hand: w -> w - .2 (w - 3), from 0: 3 (1 - .8^5).
    const w = tf.variable(tf.scalar(0));
    const optimizer = tf.train.sgd(0.1);
    for (let step = 0; step < 5; step++) optimizer.minimize(() => w.sub(3).square() as tf.Scalar);
    expect((await w.data())[0]).toBeCloseTo(3 * (1 - 0.8 ** 5), 5);
    tf.dispose([w]);
  });

  it('offers TensorFlow’s own operations', (context) => {
    skipWithoutNative(context);
    const backend = tf.backend() as unknown as { executeSingleOutput(name: string, attributes: unknown[], inputs: tf.Tensor[]): tf.Tensor };
    const half = backend.executeSingleOutput('Inv', [{ name: 'T', type: 1, value: 1 }], [tf.scalar(2)]);
    expect(half.dataSync()[0]).toBe(0.5);
  });
});

describe("a user's own tfjs-node", () => {
  /** A project whose node_modules has a tfjs-node of version 4.22.0-users; without `addon` as npm leaves it without scripts. */
  function project(ours: string, { addon }: { addon: boolean }): string {
    const folder = temporaryFolder();
    const source = path.join(ours, 'node_modules/@tensorflow/tfjs-node');
    const target = path.join(folder, 'node_modules/@tensorflow/tfjs-node');
    mkdirSync(target, { recursive: true });
    cpSync(path.join(source, 'dist'), path.join(target, 'dist'), { recursive: true });
    const manifest = JSON.parse(readFileSync(path.join(source, 'package.json'), 'utf8')) as object;
    writeFileSync(path.join(target, 'package.json'), JSON.stringify({ ...manifest, version: '4.22.0-users' }));
    if (addon) for (const part of ['lib', 'deps']) symlinkSync(path.join(source, part), path.join(target, part));
    for (const other of ['google-protobuf', 'progress', '@mapbox']) symlinkSync(path.join(ours, 'node_modules', other), path.join(folder, 'node_modules', other));
    return folder;
  }

  const cache = process.env.GANZOO_CACHE;
  afterEach(() => {
    if (cache === undefined) delete process.env.GANZOO_CACHE;
    else process.env.GANZOO_CACHE = cache;
  });

  it('is preferred when it loads', async (context) => {
    const { path: ours } = skipWithoutNative(context);
    const answer = await inChildProcess({ task: 'try-engine', engine: 'native', directory: project(ours, { addon: true }) });
    expect(answer).toMatchObject({ ok: true, versions: { 'tfjs-node': '4.22.0-users' } });
  });

  it('gives way to ours when it does not load', async (context) => {
    const { path: ours } = skipWithoutNative(context);
    const answer = await inChildProcess({ task: 'try-engine', engine: 'native', directory: project(ours, { addon: false }) });
    expect(answer).toMatchObject({ ok: true, versions: { 'tfjs-node': '4.22.0' } });
  });

  it('that does not load is named when there is no other', async (context) => {
    const { path: ours } = skipWithoutNative(context);
    const directory = project(ours, { addon: false });
    process.env.GANZOO_CACHE = temporaryFolder();
    const answer = await inChildProcess({ task: 'try-engine', engine: 'native', directory });
    expect(answer).toMatchObject({ ok: false });
    expect((answer as { reason: string }).reason).toContain(`${directory}/node_modules/@tensorflow/tfjs-node does not load: its compiled addon is missing`);
  });
});

describe('without an installation', () => {
  it('native says how to get it', async () => {
    process.env.GANZOO_CACHE = temporaryFolder();
    try {
      const answer = await inChildProcess({ task: 'try-engine', engine: 'native', directory: temporaryFolder() });
      expect(answer).toEqual({ ok: false, reason: 'The native engine is not installed on this machine.', remedy: "Run 'ganzoo engine install' (once per machine)." });
    } finally {
      delete process.env.GANZOO_CACHE;
    }
  });

  it('a damaged one is an answer, not a crash of the asker', async () => {
    const answer = await inChildProcess({ task: 'try-installation', folder: temporaryFolder(), packageName: '@tensorflow/tfjs-node' });
    expect(answer).toMatchObject({ ok: false });
    expect((answer as { reason: string }).reason).toContain('does not load');
  });
});
