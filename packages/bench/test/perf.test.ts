import { describe, expect, it } from 'vitest';
import type { Performance } from '../src/perf/measure.js';
import { ganzoo } from './cli.js';

describe('ganzoo perf --json', () => {
  it('gives times of a step, and counts its operations as by hand', async () => {
    const net = ['--variants', 'gan', '--datasets', 'ring', '--config', 'hidden=[4]', 'latentDim=2', 'batchSize=4'];
    const { stdout, exitCode } = await ganzoo('perf', '--engine', 'js', ...net, '--steps', '5', '--json');
    expect(exitCode).toBe(0);
    const [measured] = JSON.parse(stdout) as [Performance];
    expect(measured).toMatchObject({ variant: 'gan', data: 'ring', shape: [2], engine: 'js', traced: null, untraced: {}, gpu: null });
    // G is 2-4-2 and D 2-4-1, four samples, two operations for every product.
    const [generates, judges] = [2 * 4 * (2 * 4 + 4 * 2), 2 * 4 * (2 * 4 + 4 * 1)];
    // D's move: G once, D on real and fake, gradients of D's weights, and of D's hidden layer.
    const ofDiscriminator = generates + 2 * judges + 2 * judges + 2 * (2 * 4 * 4 * 1);
    // G's move: G, D, gradients through D but not of its weights, of G's weights, and of G's hidden layer.
    const ofGenerator = generates + judges + judges + generates + 2 * 4 * 4 * 2;
    expect(measured.gflopPerStep * 1e9).toBeCloseTo(ofDiscriminator + ofGenerator, 6);
    expect(measured.gigabytesPerStep).toBeGreaterThan(0);
    expect(measured.copyGigabytes).toBeGreaterThan(0);
    expect(measured.eager.min).toBeGreaterThan(0);
    expect(measured.eager.median).toBeGreaterThanOrEqual(measured.eager.min);
    expect(measured.eager.imagesPerSecond / (4000 / measured.eager.median)).toBeCloseTo(1, 1);
  });

  it('refuses a variant that does not exist before it measures anything', async () => {
    const { stdout, stderr, exitCode } = await ganzoo('perf', '--variants', 'dcgna');
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain('dcgan');
  });
});
