import type { EngineName } from '@ganzoo/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { diagnoseEngines, type EngineDiagnosis } from '../src/diagnose.js';
import { hasNvidiaDriver } from '../src/install/machine.js';
import { temporaryFolder } from './support/path.js';
import { skipWithoutNative } from './support/native.js';

/** Every engine of this machine, tried as `ganzoo doctor` tries it. */
describe('diagnoseEngines', () => {
  let all: EngineDiagnosis[];
  beforeAll(async () => {
    all = await diagnoseEngines(temporaryFolder()); // from there no tfjs-node of a user is seen
  });
  const of = (name: EngineName): EngineDiagnosis => all.find((engine) => engine.name === name)!;

  it('names every engine, the fastest first, as plain data', () => {
    expect(all.map(({ name }) => name)).toEqual(['cuda', 'webgpu', 'native', 'wasm', 'js']);
    expect(JSON.parse(JSON.stringify(all))).toEqual(all);
  });

  it.each(['wasm', 'js'] as const)('%s computes a convolution and its gradients rightly', (name) => {
    expect(of(name)).toMatchObject({ works: true, versions: { tfjs: '4.22.0' } });
    expect(of(name).device).toMatch(/^CPU, \d+ threads?/);
    expect(of(name).gflops).toBeGreaterThan(0);
  });

  it('native computes a convolution and its gradients rightly', (context) => {
    skipWithoutNative(context);
    expect(of('native')).toMatchObject({ works: true, versions: { tfjs: '4.22.0', 'tfjs-node': '4.22.0', tensorflow: '2.21.0' } });
    expect(of('native').gflops).toBeGreaterThan(of('js').gflops!);
  });

  it('webgpu works on a GPU, or says what is missing', () => {
    const { reason, device } = of('webgpu'); // a software GPU is not taken unless it is allowed
    expect(reason ?? `it has ${device}`).toMatch(/^it has (?!.*software)|^There is no GPU on this machine|^No GPU that WebGPU could use|^The only WebGPU adapter is '.*', which computes on the processor/);
  });

  it('cuda works, or says what is missing: the driver first', () => {
    const missing = hasNvidiaDriver() ? 'The CUDA engine is not installed on this machine.' : 'There is no NVIDIA driver on this machine.';
    const { works, reason } = of('cuda');
    expect(works ? missing : reason).toBe(missing);
  });
});
