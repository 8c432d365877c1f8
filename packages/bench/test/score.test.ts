import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bytesOf, encodeNpy, encodeSafetensors } from '@ganzoo/core';
import { sha256 } from '@ganzoo/core/node';
import { loadDataset } from '@ganzoo/datasets';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { encodeImage } from '../src/grid.js';
import { ganzoo, temporaryFolder } from './cli.js';

/** Set A of the golden vectors, as float32: to 1e-5 instead of 1e-6. */
const real = Float32Array.from({ length: 120 * 8 }, (_, at) => Math.sin((Math.floor(at / 8) + 1) * (2 * (at % 8) + 3) * 0.37));
const generated = Float32Array.from({ length: 90 * 8 }, (_, at) => 0.9 * Math.cos((Math.floor(at / 8) + 1) * (2 * (at % 8) + 3) * 0.53) + 0.05 * (at % 8));

const score = (...args: readonly string[]): ReturnType<typeof ganzoo> => ganzoo('score', ...args, '--engine', 'js', '--quiet');

async function files(contents: Readonly<Record<string, Uint8Array>>): Promise<(name: string) => string> {
  const folder = await temporaryFolder();
  for (const [name, bytes] of Object.entries(contents)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), bytes);
  }
  return (name) => path.join(folder, name);
}

interface Scores extends Readonly<Record<string, unknown>> {
  readonly scores: readonly { readonly name: string; readonly value: number; readonly floor?: number; readonly samples: unknown }[];
}

describe('ganzoo score', () => {
  it('scores features from .npy and .safetensors files, with the golden results', async () => {
    const weights = encodeSafetensors({ other: { dtype: 'F32', shape: [1], data: bytesOf(Float32Array.of(1)) }, features: { dtype: 'F32', shape: [90, 8], data: bytesOf(generated) } });
    const at = await files({ 'real.npy': encodeNpy(real, [120, 8]), 'generated.npy': encodeNpy(generated, [90, 8]), 'generated.safetensors': weights });
    const npy = await score(at('real.npy'), at('generated.npy'), '--k', '3', '--json');
    expect(npy.exitCode).toBe(0);
    const scores = JSON.parse(npy.stdout) as Scores;
    const expected = { fid: 0.43571111, kid: 0.05679869, precision: 0.02222222, recall: 0.84166667, density: 0.01481481, coverage: 0.025, authpct: 1 };
    expect(scores).toMatchObject(Object.fromEntries(Object.entries(expected).map(([key, value]) => [key, expect.closeTo(value, 5) as number])));
    expect(scores.kidSubsets).toMatchObject({ mean: expect.any(Number) as number, sd: expect.any(Number) as number });
    expect(scores.is).toBeUndefined();
    expect(scores.scores.map(({ name }) => name)).toContain('precision-features-k3');
    for (const one of scores.scores) expect(one).toMatchObject({ samples: { real: 120, generated: 90 }, floor: expect.any(Number) as number });

    const stored = await score(at('real.npy'), at('generated.safetensors'), '--key', 'features', '--k', '3', '--json');
    expect({ ...(JSON.parse(stored.stdout) as Scores), generated: '' }).toEqual({ ...scores, generated: '' });
    const unsaid = await score(at('real.npy'), at('generated.safetensors'));
    expect([unsaid.exitCode, unsaid.stderr]).toEqual([2, expect.stringContaining('Choose one with --key: features, other') as string]);
  });

  it('scores images: bytes and floating-point numbers in either range, a folder, and a split alike', async () => {
    const source = (await loadDataset('glyphs', { size: 28 })).source('test');
    const { values } = await source.read(Array.from({ length: 40 }, (_, i) => i));
    const bytes = Uint8Array.from(values, (value) => Math.round((value + 1) * 127.5));
    const pictures: Record<string, Uint8Array> = {};
    for (let i = 0; i < 40; i++) pictures[`pictures/${String(i).padStart(2, '0')}.png`] = encodeImage(values.subarray(784 * i, 784 * (i + 1)), [28, 28, 1]);
    const exactly = Float32Array.from(bytes, (byte) => byte / 127.5 - 1);
    const asBytes = encodeNpy(new Float32Array(40 * 784 / 4), [40, 28, 28]); // four bytes of a float32 hold four pixels
    const header = Buffer.from(asBytes.subarray(0, 128)).toString('latin1').replace("'<f4'", "'|u1'");
    const at = await files({
      ...pictures,
      'bytes.npy': new Uint8Array([...Buffer.from(header, 'latin1'), ...bytes]),
      'signed.npy': encodeNpy(exactly, [40, 28, 28, 1]),
      'unit.npy': encodeNpy(exactly.map((value) => (value + 1) / 2), [40, 28, 28, 1]),
    });
    const options = ['--metrics', 'fid,is', '--samples', '40', '--json', '--no-floor'];
    const fid = async (file: string, ...more: readonly string[]): Promise<number> => {
      const { stdout, stderr, exitCode } = await score('glyphs:test', at(file), ...options, '--size', '28', ...more);
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
      return (JSON.parse(stdout) as { fid: number }).fid;
    };
    const expected = await fid('bytes.npy');
    expect(await fid('signed.npy')).toBeCloseTo(expected, 2);
    expect(await fid('unit.npy', '--range', '0,1')).toBeCloseTo(expected, 2);
    expect(await fid('pictures')).toBeCloseTo(expected, 2);
    const { exitCode, stderr } = await score('glyphs:test', at('unit.npy'), ...options);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/holds images from 0 to 1, and does not say what black and white are.*\n?.*--range 0,1/) as string]);
    const alone = await score(at('bytes.npy'), at('signed.npy'), ...options);
    expect([alone.exitCode, alone.stderr]).toEqual([2, expect.stringContaining('--extractor') as string]);
  }, 120_000);

  it('scores by a graph or layers model of the caller, under a name that says which, and only when told to', async () => {
    const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
    const node = (name: string, op: string, input: readonly string[], attr: object): object => ({ name, op, input, attr });
    const shape = { shape: { dim: [-1, 8, 8, 3].map((size) => ({ size: String(size) })) } };
    const graph = {
      format: 'graph-model',
      modelTopology: {
        node: [
          node('images', 'Placeholder', [], { dtype: { type: 'DT_FLOAT' }, shape }),
          node('axes', 'Const', [], { dtype: { type: 'DT_INT32' }, value: { tensor: { dtype: 'DT_INT32', tensorShape: { dim: [{ size: '2' }] } } } }),
          node('features', 'Mean', ['images', 'axes'], { T: { type: 'DT_FLOAT' }, Tidx: { type: 'DT_INT32' }, keep_dims: { b: false } }),
        ],
        versions: { producer: 1 },
      },
      weightsManifest: [{ paths: ['axes.bin'], weights: [{ name: 'axes', shape: [2], dtype: 'int32' }] }],
    };
    const layers = { modelTopology: tf.sequential({ layers: [tf.layers.flatten({ inputShape: [2, 2, 3] })] }).toJSON(undefined, false), weightsManifest: [] };
    const pictures = Float32Array.from({ length: 30 * 64 }, (_, at) => Math.sin(at * at));
    const at = await files({
      'graph/model.json': json(graph),
      'graph/axes.bin': bytesOf(Int32Array.of(1, 2)),
      'layers/model.json': json(layers),
      'broken/model.json': json({ ...graph, weightsManifest: [{ paths: ['gone.bin'], weights: [] }] }),
      'real.npy': encodeNpy(pictures, [30, 8, 8]),
      'generated.npy': encodeNpy(pictures.map((value) => value / 2), [30, 8, 8]),
    });
    const by = (model: string, ...more: string[]): ReturnType<typeof score> => score(at('real.npy'), at('generated.npy'), '--extractor', `inception:${at(model)}`, '--metrics', 'fid', '--json', ...more);
    const refused = await by('graph/model.json');
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('--allow-unknown-extractor') as string]);
    const hash = sha256(bytesOf(Int32Array.of(1, 2)));
    const taken = JSON.parse((await by('graph/model.json', '--allow-unknown-extractor')).stdout) as Scores;
    expect(taken.extractor).toMatchObject({ name: `inception-${hash.slice(0, 8)}`, weightsSha256: hash });
    expect(taken.scores[0]?.name).toBe(`fid-inception-${hash.slice(0, 8)}`);
    expect(taken.fid).toBeGreaterThan(0);
    expect((JSON.parse((await by('layers/model.json', '--allow-unknown-extractor')).stdout) as Scores).fid).toBeGreaterThan(0);
    const broken = await by('broken/model.json', '--allow-unknown-extractor');
    expect([broken.exitCode, broken.stderr]).toEqual([1, expect.stringContaining('gone.bin cannot be read') as string]);
  });

  it("scores a checkpoint's generator", async () => {
    const folder = path.join(await temporaryFolder(), 'run');
    const trained = await ganzoo('train', 'gan', '--dataset', 'ring', '--engine', 'js', '--steps', '2', '--samples', '20', '--out', folder, '--quiet');
    expect(trained.exitCode).toBe(0);
    const { stdout, exitCode } = await score('ring:test', folder, '--generate', '200', '--samples', '200', '--metrics', 'fid,swd', '--json');
    expect(exitCode).toBe(0);
    const scores = JSON.parse(stdout) as Scores;
    expect(scores.generated).toMatch(/^gan on ring after step 2/);
    expect(scores.swd).toBeGreaterThan(scores.scores[1]?.floor as number);
  });

  it.each([
    ['nothing', ['missing', 'a.npy'], 2, /nothing to score at 'missing'/],
    ['a metric that does not exist', ['a.npy', 'a.npy', '--metrics', 'fdi'], 2, /no metric 'fdi'/],
    ['images against features', ['a.npy', 'images.npy', '--range', '0,1'], 2, /'.*a\.npy' holds features, and '.*images\.npy' holds images/],
    ['different numbers of features', ['a.npy', 'wide.npy'], 1, /have 2 dimensions, the generated ones 3/],
    ['NaN', ['a.npy', 'nan.npy'], 1, /generated features hold NaN in row 0, column 1/],
    ['features that are all equal', ['equal.npy', 'a.npy'], 1, /All 8 samples of the real features are equal/],
    ['too few samples', ['a.npy', 'few.npy'], 1, /3 nearest others were asked for among the 2 samples/],
    ['more samples than there are', ['a.npy', 'a.npy', '--samples', '9'], 2, /9 samples were asked for.* has 8/],
    ['a damaged file', ['a.npy', 'cut.npy'], 1, /cut\.npy is truncated/],
    ['an empty folder', ['glyphs:test', 'empty/..'], 1, /has 0 pictures/],
    ['an extractor for features', ['a.npy', 'a.npy', '--extractor', 'mnist-lenet64'], 2, /no use for/],
  ])('refuses %s', async (_, [one = '', other = '', ...more], code, message) => {
    const values = Float32Array.from({ length: 16 }, (_, i) => Math.sin(i));
    const a = encodeNpy(values, [8, 2]);
    const at = await files({
      'a.npy': a,
      'images.npy': encodeNpy(values.map(Math.abs), [4, 2, 2]),
      'wide.npy': encodeNpy(values.subarray(0, 15), [5, 3]),
      'nan.npy': encodeNpy(values.map((value, i) => (i === 1 ? Number.NaN : value)), [8, 2]),
      'equal.npy': encodeNpy(values.map(() => 1), [8, 2]),
      'few.npy': encodeNpy(values.subarray(0, 4), [2, 2]),
      'cut.npy': a.subarray(0, a.length - 1),
      'empty/x/y.txt': new Uint8Array(0),
    });
    const { exitCode, stdout, stderr } = await score(one.includes(':') || one === 'missing' ? one : at(one), at(other), ...more);
    expect(stderr).toMatch(message);
    expect([exitCode, stdout]).toEqual([code, '']);
  });
});
