import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EngineError } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { execa } from 'execa';
import { afterEach, describe, expect, it } from 'vitest';
import { engine } from '../../../tools/engine-under-test.js';
import { openDawnDevice } from '../src/webgpu/dawn.js';
import { checkLimits } from '../src/webgpu/device.js';

const PRLIMIT = '/usr/bin/prlimit';
const { GANZOO_SOFTWARE_ADAPTER: usual } = process.env;
afterEach(() => {
  if (usual !== undefined) process.env.GANZOO_SOFTWARE_ADAPTER = usual;
});

describe('a GPU that cannot be had is named, with what there is and what to do', () => {
  it('a name that no adapter has', async () => {
    const opened = openDawnDevice('Voodoo 2');
    await expect(opened).rejects.toThrow(/^There is no WebGPU adapter called 'Voodoo 2'\. There is '.+'/);
    await expect(opened).rejects.toMatchObject({ remedy: 'Give a part of such a name, or none for the fastest.' });
  });

  it('one too weak, by the limit that is too low', () => {
    const limits = { maxStorageBuffersPerShaderStage: 8, maxComputeInvocationsPerWorkgroup: 128, maxComputeWorkgroupStorageSize: 16384 };
    expect(() => checkLimits(limits, 'Tiny GPU')).toThrow("The adapter 'Tiny GPU' has a maxComputeInvocationsPerWorkgroup of 128; 256 are needed.");
    expect(() => checkLimits({ ...limits, maxComputeInvocationsPerWorkgroup: 256 }, 'Tiny GPU')).not.toThrow();
  });

  // Where the tests run on a real GPU there is no software one to refuse.
  it.runIf(usual !== undefined)('one in software, unless it is allowed; then it is marked', async () => {
    const { name, device } = await openDawnDevice();
    expect(name).toMatch(/^(SwiftShader|llvmpipe).* \(software\)$/);
    device.destroy();
    delete process.env.GANZOO_SOFTWARE_ADAPTER;
    await expect(openDawnDevice()).rejects.toThrow(/^The only WebGPU adapter is '(SwiftShader|llvmpipe).*', which computes on the processor/);
    const [part] = name.split(/\W/) as [string];
    await expect(openDawnDevice(part.toUpperCase())).rejects.toMatchObject({ remedy: expect.stringMatching(/GANZOO_SOFTWARE_ADAPTER=1/) as string });
  });
});

describe('what goes wrong on the device is an error that says so', () => {
  const { limits } = (tf.backend() as unknown as { device: GPUDevice }).device;

  it('a tensor larger than it allows, before any memory is taken: its size, and the limit', () => {
    const limit = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
    const before = tf.memory().numTensors;
    const rows = limit / 4 / 1024 + 1;
    const row = tf.ones([1, 1024]);
    expect(() => tf.tile(row, [rows, 1])).toThrow(EngineError);
    expect(() => tf.tile(row, [rows, 1])).toThrow(`A tensor [${rows}, 1024] needs ${(rows / 256).toFixed(1)} MiB; this GPU allows ${(limit / 2 ** 20).toFixed(1)} MiB for one.`);
    row.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  // A GPU in software has no memory but the process's, which Linux can keep small. SwiftShader says so when it finds none; lavapipe crashes.
  it.runIf(engine?.device.includes('SwiftShader') === true && existsSync(PRLIMIT))('memory that is used up', async () => {
    const script = fileURLToPath(new URL('support/use-up-memory.ts', import.meta.url));
    const { stdout } = await execa(process.execPath, ['--conditions=@ganzoo/source', '--import', import.meta.resolve('tsx'), script, PRLIMIT], { timeout: 60_000 });
    expect(JSON.parse(stdout)).toEqual({
      name: 'EngineError',
      message: expect.stringMatching(/^The GPU's memory is used up: .*OUT_OF_DEVICE_MEMORY/) as string,
      remedy: 'Take a smaller batchSize, or fewer cells at a time (--jobs).',
    });
  });

  it('reading at once, which WebGPU cannot do in Node', async () => {
    const sum = tf.tidy(() => tf.add(tf.scalar(1), tf.scalar(2)));
    expect(() => sum.dataSync()).toThrow('A tensor was read at once (dataSync, arraySync), which WebGPU cannot do in Node.');
    expect(await sum.data()).toEqual(Float32Array.of(3));
    sum.dispose();
  });

  it('a command that the GPU refuses: at the next value that is read, which is not to be believed', async () => {
    const { device } = tf.backend() as unknown as { device: GPUDevice };
    const sum = tf.tidy(() => tf.add(tf.scalar(1), tf.scalar(2)));
    device.createBuffer({ size: 4, usage: 0xffff_ffff });
    await device.queue.onSubmittedWorkDone();
    await expect(sum.data()).rejects.toThrow(/^The GPU refused an operation: /);
    sum.dispose();
  });
});
