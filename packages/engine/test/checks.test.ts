import { EngineError } from '@ganzoo/core';
import { describe, expect, it } from 'vitest';
import { checkMachine } from '../src/install/checks.js';
import type { Machine } from '../src/install/machine.js';
import { machineWith, pathWith } from './support/path.js';

const check = (changes: Partial<Machine>, device: 'cpu' | 'cuda' = 'cpu'): ReturnType<typeof checkMachine> => checkMachine(device, '/cache/engines', machineWith(changes));

/** The error of a failed check, as the command line would show it. */
async function complaint(changes: Partial<Machine>, device: 'cpu' | 'cuda' = 'cpu'): Promise<{ message: string; remedy: string }> {
  const error = await check(changes, device).then(() => undefined, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(EngineError);
  return error as EngineError;
}

describe('before anything is downloaded', () => {
  it('a machine with everything passes, for both devices', async () => {
    await expect(check({})).resolves.toMatchObject({ tools: { python: 'python3', npm: 'npm', compiler: 'g++' }, recipe: { wheels: ['tensorflow-cpu==2.21.0'] } });
    await expect(check({}, 'cuda')).resolves.toMatchObject({ recipe: { device: 'cuda', tfjsNode: { name: '@tensorflow/tfjs-node-gpu' } } });
  });

  it.each([
    ['linux', 'arm64'],
    ['darwin', 'arm64'],
  ])('%s %s has a recipe of its own', async (platform, arch) => {
    const { recipe } = await check({ platform, arch });
    expect(recipe.key).toContain(`${platform}-${arch}-cpu`);
  });

  it.each([
    ['win32', 'x64'],
    ['darwin', 'x64'],
    ['linux', 'ia32'],
  ])('%s %s has no library: wasm is the engine there', async (platform, arch) => {
    const { message, remedy } = await complaint({ platform, arch });
    expect(message).toBe(`TensorFlow publishes no C library for ${platform} ${arch}.`);
    expect(remedy).toContain("'wasm'");
  });

  it('CUDA exists on Linux x64 only', async () => {
    expect((await complaint({ platform: 'darwin', arch: 'arm64' }, 'cuda')).message).toBe('TensorFlow publishes no CUDA library for darwin arm64.');
  });

  it.each([
    [undefined, 'this system has another C library (musl?).'],
    ['2.17', 'this system has 2.17.'],
  ])('the C library %s is not enough', async (glibc, end) => {
    expect((await complaint({ glibc })).message).toContain(end);
  });

  it('an old Node.js is named', async () => {
    expect((await complaint({ nodeVersion: '18.20.4' })).message).toBe('The native engine needs Node.js 20 or newer; this is 18.20.4.');
  });

  it('no NVIDIA driver: CUDA stops, the CPU does not mind', async () => {
    const { message, remedy } = await complaint({ nvidiaDriver: false }, 'cuda');
    expect(message).toContain('no NVIDIA driver');
    expect(remedy).toContain('--device cpu');
    expect(remedy).toContain('--without-gpu');
    await expect(check({ nvidiaDriver: false })).resolves.toBeDefined();
  });

  /** Programs of a machine whose nvidia-smi lists one GPU so. */
  const withGpu = (line: string): Partial<Machine> => ({ env: { PATH: pathWith({ python3: 'exit 0', npm: 'exit 0', 'g++': 'exit 0', 'nvidia-smi': `echo "${line}"` }) } });

  it('CUDA: a GPU that is new enough, with a driver that is, passes', async () => {
    await expect(check(withGpu('0, GPU-5f0a, NVIDIA H200, 570.86.15, 143771, 143163, 9.0'), 'cuda')).resolves.toHaveProperty('trialEnv', { CUDA_DEVICE_ORDER: process.env.CUDA_DEVICE_ORDER ?? 'PCI_BUS_ID', CUDA_VISIBLE_DEVICES: 'GPU-5f0a' });
  });

  it.each([
    ['0, GPU-5f0a, NVIDIA H200, 535.104.05, 143771, 143163, 9.0', 'The NVIDIA driver 535.104.05 is too old for TensorFlow on the NVIDIA H200: it needs 555.42.06 or newer.'],
    ['0, GPU-5f0a, GeForce GTX 980, 535.104.05, 4096, 4000, 5.2', 'TensorFlow has no kernels for the GeForce GTX 980: its compute capability is 5.2, and 6.0 to 9.0 are served.'],
    ['0, GPU-5f0a, NVIDIA L4, 570.86.15, 23034, 300, 8.9', 'The NVIDIA L4 has 315 MB of its 24,153 MB free; the trial run after installing needs 1,000 MB.'],
  ])('CUDA: %s does not', async (line, message) => {
    expect((await complaint(withGpu(line), 'cuda')).message).toBe(message);
    await expect(checkMachine('cuda', '/cache/engines', machineWith(withGpu(line)), true), 'an image for another machine').resolves.toHaveProperty('trialEnv', {});
  });

  it('no python3', async () => {
    const { message, remedy } = await complaint({ env: { PATH: pathWith({ npm: 'exit 0', 'g++': 'exit 0' }) } });
    expect(message).toContain("'python3' is not in the PATH");
    expect(remedy).toContain('apt-get install python3');
  });

  it('python3 without pip', async () => {
    const noPip = 'if [ "$2" = pip ]; then echo "No module named pip" >&2; exit 1; fi';
    const { message, remedy } = await complaint({ env: { PATH: pathWith({ python3: noPip, npm: 'exit 0', 'g++': 'exit 0' }) } });
    expect(message).toContain('python3 has no pip');
    expect(remedy).toContain('python3-pip');
  });

  it('no npm', async () => {
    expect((await complaint({ env: { PATH: pathWith({ python3: 'exit 0', 'g++': 'exit 0' }) } })).message).toContain("'npm' is not in the PATH");
  });

  it('no C++ compiler', async () => {
    const { message, remedy } = await complaint({ env: { PATH: pathWith({ python3: 'exit 0', npm: 'exit 0' }) } });
    expect(message).toContain('There is no C++ compiler');
    expect(remedy).toContain('apt-get install g++');
  });

  it('clang++ does as well as g++', async () => {
    const { tools } = await check({ env: { PATH: pathWith({ python3: 'exit 0', npm: 'exit 0', 'clang++': 'exit 0' }) } });
    expect(tools.compiler).toBe('clang++');
  });

  it('a CXX that does not run is named, and no other compiler is taken silently', async () => {
    const { env } = machineWith();
    expect((await complaint({ env: { ...env, CXX: 'g++-99' } })).message).toBe("The C++ compiler that CXX names, 'g++-99', does not run.");
  });

  it('a full disk: bytes needed, bytes there', async () => {
    const { message, remedy } = await complaint({ freeBytes: async () => 312e6 });
    expect(message).toBe('Installing needs 1,500 MB free on the disk of /cache/engines; there are 312 MB.');
    expect(remedy).toContain('GANZOO_CACHE');
  });
});
