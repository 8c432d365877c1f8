import { EngineError, UsageError } from '@ganzoo/core';
import { describe, expect, it } from 'vitest';
import { chooseGpu } from '../src/cuda/choose.js';
import { changeEnvironment, environmentOf, wholeNumberIn } from '../src/cuda/environment.js';
import { type Gpu, listGpus } from '../src/cuda/gpus.js';
import { reservedMib } from '../src/cuda/memory-limit.js';
import { memoryOf } from '../src/cuda/meter.js';
import { checkGpu } from '../src/cuda/requirements.js';
import { pathWith } from './support/path.js';

const gpu = (index: number, changes: Partial<Gpu> = {}): Gpu => ({
  index,
  uuid: `GPU-${index}f0a3c1e-8f3a-77a5-9f4b-0d2f6a1b9c0${index}`,
  name: 'NVIDIA H200',
  driver: '570.86.15',
  computeCapability: '9.0',
  memoryBytes: 143_771 * 2 ** 20,
  freeBytes: 143_163 * 2 ** 20,
  ...changes,
});

/** An environment whose nvidia-smi prints this and ends so. */
const withNvidiaSmi = (output: string, code = 0): { PATH: string } => ({ PATH: pathWith({ 'nvidia-smi': `echo "${output}"; exit ${code}` }) });

describe('the GPUs that nvidia-smi lists', () => {
  it('are read with their memory, in bytes of MiB', async () => {
    const lines = '0, GPU-5f0a3c1e, NVIDIA H200, 570.86.15, 143771, 143163, 9.0\n1, GPU-9c41d7b2, NVIDIA GeForce RTX 3060, 570.86.15, 12288, 11912, 8.6';
    expect(await listGpus(withNvidiaSmi(lines))).toEqual([
      { index: 0, uuid: 'GPU-5f0a3c1e', name: 'NVIDIA H200', driver: '570.86.15', computeCapability: '9.0', memoryBytes: 150_754_820_096, freeBytes: 150_117_285_888 },
      { index: 1, uuid: 'GPU-9c41d7b2', name: 'NVIDIA GeForce RTX 3060', driver: '570.86.15', computeCapability: '8.6', memoryBytes: 12_884_901_888, freeBytes: 12_490_637_312 },
    ]);
  });

  it('are unknown where there is no nvidia-smi, and none where it finds none', async () => {
    expect(await listGpus({ PATH: pathWith({}) })).toBeUndefined();
    expect(await listGpus(withNvidiaSmi('No devices were found', 6))).toEqual([]);
  });

  it('of a driver too old to say its compute capability are read without it', async () => {
    const old = 'case "$1" in *compute_cap*) echo "Field \\"compute_cap\\" is not a valid field to query."; exit 2;; esac; echo "0, GPU-5f0a3c1e, Tesla T4, 470.256.02, 15109, 15000"';
    const [found] = (await listGpus({ PATH: pathWith({ 'nvidia-smi': old }) })) as [Gpu];
    expect(found).toMatchObject({ driver: '470.256.02', computeCapability: undefined, memoryBytes: 15_109 * 2 ** 20 });
    expect(() => checkGpu(found)).toThrow('The NVIDIA driver 470.256.02 is too old for TensorFlow on the Tesla T4: it needs 525.60.13 or newer.');
  });

  it('what is not said is unknown, not a number', async () => {
    const [found] = (await listGpus(withNvidiaSmi('0, GPU-5f0a3c1e, NVIDIA A100, 570.86.15, [N/A], [Insufficient Permissions], [N/A]'))) as [Gpu];
    expect(found).toMatchObject({ memoryBytes: undefined, freeBytes: undefined, computeCapability: undefined });
    expect(() => checkGpu(found)).not.toThrow();
    expect(() => reservedMib(4000, found)).toThrow("needs to know what is free of it, and no 'nvidia-smi' says so");
  });

  it.each([
    ["NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.", 9, 'Repair it'],
    ['Failed to initialize NVML: Driver/library version mismatch', 18, 'restart it'],
  ])('a driver that does not answer is an error in its words: %s', async (words, code, remedy) => {
    const error = (await listGpus(withNvidiaSmi(words, code)).catch((reason: unknown) => reason)) as EngineError;
    expect(error).toBeInstanceOf(EngineError);
    expect(error.message).toBe(`The NVIDIA driver does not answer: ${words.replace(/\.$/, '')}.`);
    expect(error.remedy).toContain(remedy);
  });
});

describe('one GPU of several', () => {
  const gpus = [gpu(0), gpu(1, { name: 'NVIDIA L4', computeCapability: '8.9' }), gpu(2)];
  const [first, second, third] = gpus as [Gpu, Gpu, Gpu];

  it('is the first, by its identifier; those of its model could do the same', () => {
    expect(chooseGpu(gpus, undefined)).toEqual({ visible: first.uuid, gpu: first, alike: [0, 2] });
  });

  it('is the one asked for, and then no other', () => {
    expect(chooseGpu(gpus, undefined, 1)).toEqual({ visible: second.uuid, gpu: second, alike: [1] });
  });

  // CUDA C++ Programming Guide, "CUDA Environment Variables": only devices before the first invalid entry are visible.
  it.each([
    ['2,0', undefined, third, [0, 1]],
    ['2,0', 1, first, [1]],
    ['1,-1,0', undefined, second, [0]],
    ['GPU-2f0a', undefined, third, [0]],
    [' 1 , 7', undefined, second, [0]],
  ] as const)('is counted among those that CUDA_VISIBLE_DEVICES=%s leaves: %s', (allowed, index, expected, alike) => {
    expect(chooseGpu(gpus, allowed, index)).toEqual({ visible: expected.uuid, gpu: expected, alike });
  });

  it('a part of a GPU stays as it was named', () => {
    expect(chooseGpu(gpus, 'MIG-3f1c')).toEqual({ visible: 'MIG-3f1c', gpu: undefined, alike: [0] });
  });

  it('that is not there is refused, with those that are', () => {
    const choose = (): unknown => chooseGpu(gpus, '1,2', 2);
    expect(choose).toThrow(UsageError);
    expect(choose).toThrow('There is no GPU 2 here.');
    expect(() => chooseGpu(gpus, '1,2', 2)).toThrow(expect.objectContaining({ remedy: 'Take one of these with --device-index: 0: NVIDIA L4, 1: NVIDIA H200.' }));
  });

  it.each(['', '-1', '9'])('CUDA_VISIBLE_DEVICES=%j hides them all', (allowed) => {
    expect(() => chooseGpu(gpus, allowed)).toThrow(`CUDA_VISIBLE_DEVICES='${allowed}' hides every GPU of this machine.`);
  });

  it('a driver without a GPU is told from hidden ones', () => {
    expect(() => chooseGpu([], undefined)).toThrow('The NVIDIA driver lists no GPU.');
    expect(() => chooseGpu([], '0')).toThrow('The NVIDIA driver lists no GPU.');
  });

  it('where nothing lists them, an index is taken on trust', () => {
    expect(chooseGpu(undefined, undefined)).toEqual({ visible: '0', gpu: undefined, alike: [0] });
    expect(chooseGpu(undefined, undefined, 3)).toEqual({ visible: '3', gpu: undefined, alike: [3] });
    expect(chooseGpu(undefined, '4,5', 1)).toEqual({ visible: '5', gpu: undefined, alike: [1] });
  });
});

describe('what TensorFlow can compute on', () => {
  it.each([
    ['NVIDIA H200', '9.0', '555.42.06'],
    ['NVIDIA L4', '8.9', '525.60.13'],
    ['Tesla P100-PCIE-16GB', '6.0', '580.65.06'],
  ])('%s of compute capability %s with driver %s', (name, computeCapability, driver) => {
    expect(() => checkGpu(gpu(0, { name, computeCapability, driver }))).not.toThrow();
  });

  it.each([
    ['9.0', '550.144.03', '555.42.06'],
    ['8.0', '525.60.12', '525.60.13'],
  ])('compute capability %s and driver %s: too old, %s is needed', (computeCapability, driver, needed) => {
    expect(() => checkGpu(gpu(0, { computeCapability, driver }))).toThrow(`The NVIDIA driver ${driver} is too old for TensorFlow on the NVIDIA H200: it needs ${needed} or newer.`);
  });

  it.each(['5.2', '10.0', '12.0'])('compute capability %s has no kernels: webgpu is the engine there', (computeCapability) => {
    const check = (): void => checkGpu(gpu(0, { computeCapability }));
    expect(check).toThrow(EngineError);
    expect(check).toThrow(expect.objectContaining({ remedy: expect.stringContaining("'webgpu'") as string }));
  });
});

describe('a limit of the GPU’s memory', () => {
  it('leaves all the rest of what is free to others', () => {
    // 143,163 MiB are 150,117.3 MB; without 4,000 of them 146,117.3 MB, or 139,348.3 MiB.
    expect(reservedMib(4000, gpu(0))).toBe(139_349);
  });

  it('above what is free is refused, with both', () => {
    expect(() => reservedMib(12_000, gpu(0, { memoryBytes: 12_288 * 2 ** 20, freeBytes: 11_000 * 2 ** 20 }))).toThrow(
      'The NVIDIA H200 has 11534 MB of its 12884 MB free; --memory-limit asks for 12000.',
    );
  });

  it('cannot be kept where nothing says what is free', () => {
    expect(() => reservedMib(4000, undefined)).toThrow(EngineError);
  });

  it('below what CUDA takes for itself, which TensorFlow would ignore, is refused', () => {
    expect(() => reservedMib(300, gpu(0))).toThrow('A limit of 300 MB is less than CUDA needs for itself and its libraries.');
  });
});

describe('the memory of a process', () => {
  it('is what nvidia-smi lists under its number, in bytes of MiB', () => {
    expect(memoryOf(421, '4210, 12\n421, 1534\n')).toBe(1_608_515_584);
  });

  it('is unknown where it is not listed, or the driver does not say', () => {
    expect(memoryOf(421, '4210, 12\n')).toBeUndefined();
    expect(memoryOf(421, '421, [N/A]\n')).toBeUndefined();
    expect(memoryOf(421, '')).toBeUndefined();
  });
});

describe('the environment', () => {
  it('gives whole numbers, and names what is none', () => {
    expect(wholeNumberIn('GANZOO_DEVICE_INDEX', { GANZOO_DEVICE_INDEX: '2' })).toBe(2);
    expect(wholeNumberIn('GANZOO_DEVICE_INDEX', { GANZOO_DEVICE_INDEX: '' })).toBeUndefined();
    expect(wholeNumberIn('GANZOO_DEVICE_INDEX', {})).toBeUndefined();
    expect(() => wholeNumberIn('GANZOO_MEMORY_LIMIT', { GANZOO_MEMORY_LIMIT: '4GB' })).toThrow("The environment has GANZOO_MEMORY_LIMIT='4GB', which is not a whole number.");
  });

  it('is as before when its changes are taken back', () => {
    process.env.GANZOO_DEVICE_INDEX = '1';
    const before = { ...process.env };
    const restore = changeEnvironment({ ...environmentOf({ visible: 'GPU-5f0a', gpu: undefined, alike: [0] }), GANZOO_DEVICE_INDEX: undefined });
    expect(process.env).toMatchObject({ CUDA_VISIBLE_DEVICES: 'GPU-5f0a', CUDA_DEVICE_ORDER: before.CUDA_DEVICE_ORDER ?? 'PCI_BUS_ID' });
    expect(process.env.GANZOO_DEVICE_INDEX).toBeUndefined();
    restore();
    expect({ ...process.env }).toEqual(before);
    delete process.env.GANZOO_DEVICE_INDEX;
  });
});
