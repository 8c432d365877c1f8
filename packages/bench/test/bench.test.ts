import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { infer, Random } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import type { CellResult } from '../src/cell/result.js';
import { ganzoo, temporaryFolder, TINY } from './cli.js';

interface Printed {
  readonly run: string;
  readonly report: string;
  readonly cells: readonly CellResult[];
}

describe('ganzoo bench --json', () => {
  it('prints nothing but one JSON document, which says all there is to say of each cell', async () => {
    const out = path.join(await temporaryFolder(), 'run');
    const { stdout, stderr, exitCode } = await ganzoo('bench', '--engine', 'js', ...TINY, '--steps', '4', '--eval-every', '2', '--out', out, '--json');
    expect(exitCode).toBe(0);
    expect(stderr).toContain('dcgan on glyphs, seed 0');
    const { run, report, cells } = JSON.parse(stdout) as Printed;
    expect(run).toBe(out);
    const [cell] = cells as [CellResult];
    expect(cell).toMatchObject({ variant: 'dcgan', engine: 'js', seed: 0, status: 'finished', steps: 4, imagesShown: 16, budget: 4 });
    expect(cell.weightsSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(cell.scores.map(({ step }) => step)).toEqual([2, 4]);
    expect(cell.last?.scores.map(({ name, split, samples }) => [name, split, samples])).toEqual([
      ['fid-glyphs-lenet64', 'test', { real: 20, generated: 20 }],
      ['kid-glyphs-lenet64', 'test', { real: 20, generated: 20 }],
      ['fid-random-conv64', 'test', { real: 20, generated: 20 }],
    ]);
    const lowest = Math.min(...cell.scores.map(({ scores }) => scores[0]?.value ?? Infinity));
    expect(cell.scores.find(({ step }) => step === cell.best?.step)?.scores[0]?.value).toBe(lowest);
    expect(cell.rungs.map(({ name }) => name)).toEqual(['noise .25', 'noise .5', 'noise alone']);

    // 8 x 8 images of 28 pixels with gaps of 2.
    const grids = [cell.grids.real as string, ...cell.grids.generated.map(({ file }) => file)];
    expect(cell.grids.generated.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4]);
    for (const file of grids) expect(decode(await readFile(path.join(out, 'cells', file)))).toMatchObject({ width: 242, height: 242, channels: 1 });

    const html = await readFile(report, 'utf8');
    expect(html).not.toMatch(/(?:src|href)="(?!data:|https:\/\/arxiv)/); // asks nothing of the network
    for (const { file } of cell.grids.generated) {
      expect(html).toContain((await readFile(path.join(out, 'cells', file))).toString('base64'));
    }
    const again = await ganzoo('report', out);
    expect(again.stdout).toContain(`Report: ${report}`);
    expect(await readFile(report, 'utf8')).toBe(html);
  });
});

describe('a cell that fails', () => {
  it('is a result with its reason, stays in sight, and makes the exit code 1', async () => {
    const out = path.join(await temporaryFolder(), 'run');
    const config = ['--variants', 'dcgan', '--config', 'filters=2', 'latentDim=4', 'batchSize=4', 'learningRate=1e30'];
    const { stdout, exitCode } = await ganzoo('bench', '--engine', 'js', ...config, '--samples', '20', '--seeds', '0', '--steps', '3', '--out', out, '--quiet');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('dcgan, seed 0 failed: generator.total became NaN in step 1.');
    expect(stdout).toContain('0 (1 failed)');
    expect(await readFile(path.join(out, 'report.html'), 'utf8')).toContain('generator.total became NaN in step 1.');
  });
});

describe('ganzoo train and sample', () => {
  it('train in one process, keep both checkpoints, and give the same samples again', async () => {
    const folder = await temporaryFolder();
    const out = path.join(folder, 'run');
    const trained = await ganzoo('train', 'dcgan', '--engine', 'js', '--config', 'filters=2', 'latentDim=4', 'batchSize=4', '--samples', '20', '--steps', '3', '--out', out);
    expect(trained).toMatchObject({ exitCode: 0 });
    for (const file of ['a.npy', 'b.npy', 'grid.png']) {
      expect(await ganzoo('sample', out, '--n', '4', '--engine', 'js', '--out', path.join(folder, file))).toMatchObject({ exitCode: 0 });
    }
    const bytes = await readFile(path.join(folder, 'a.npy'));
    expect(bytes).toEqual(await readFile(path.join(folder, 'b.npy')));
    expect([...bytes.subarray(0, 10)]).toEqual([0x93, ...Buffer.from('NUMPY'), 1, 0, 118, 0]);
    expect(bytes.subarray(10, 128).toString()).toMatch(/^\{'descr': '<f4', 'fortran_order': False, 'shape': \(4, 28, 28, 1\), \} +\n$/);
    const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset + 128, bytes.byteOffset + bytes.byteLength));
    expect(values).toHaveLength(4 * 28 * 28);
    const grid = decode(await readFile(path.join(folder, 'grid.png')));
    expect([grid.width, grid.height]).toEqual([62, 62]);
    expect(grid.data[2 * 62 + 2]).toBe(Math.round(((values[0] as number) + 1) * 127.5));

    // The exported generator makes what the same latents gave: the trainer's own samples.
    const exported = path.join(folder, 'model');
    expect(await ganzoo('export', out, '--engine', 'js', '--out', exported)).toMatchObject({ exitCode: 0 });
    const generator = await loadLayersModel(path.join(exported, 'generator'));
    const latents = Random.of(0, 'samples').uniform([4, 4], -1, 1); // dcgan's z: U(-1, 1)
    const images = infer(generator, latents).dataSync();
    expect(Math.max(...images.map((value, i) => Math.abs(value - (values[i] as number))))).toBeLessThan(1e-6);
  });
});

/** As `tf.loadLayersModel` reads it from a server. */
async function loadLayersModel(folder: string): Promise<tf.LayersModel> {
  const { modelTopology, weightsManifest } = JSON.parse(await readFile(path.join(folder, 'model.json'), 'utf8')) as tf.io.ModelJSON;
  const weightData = Uint8Array.from(await readFile(path.join(folder, 'weights.bin'))).buffer;
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  return tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }));
}

describe('ganzoo ls', () => {
  it('lists every field of a variant with default, source and help', async () => {
    const { stdout } = await ganzoo('ls', 'variants', '--json');
    const { variants } = JSON.parse(stdout) as { variants: { name: string; config: { name: string; default: unknown; from: string; help: string }[] }[] };
    const field = variants.find(({ name }) => name === 'dcgan')?.config.find(({ name }) => name === 'learningRate');
    expect(field).toMatchObject({ default: 2e-4, from: 'paper' });
  });
});
