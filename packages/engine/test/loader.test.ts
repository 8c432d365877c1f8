import { EngineError, type EngineName, UsageError } from '@ganzoo/core';
import { describe, expect, it } from 'vitest';
import type { EngineDriver } from '../src/drivers/driver.js';
import { createLoader } from '../src/loader.js';

const NAMES: readonly EngineName[] = ['cuda', 'webgpu', 'native', 'wasm', 'js'];

/** Drivers that note when they are loaded; those in `broken` throw. */
function fakes(broken: readonly EngineName[] = []): { drivers: Record<EngineName, EngineDriver>; loads: EngineName[]; mended: () => void } {
  const loads: EngineName[] = [];
  let failing = broken;
  const driver = (name: EngineName): EngineDriver => ({
    name,
    async load() {
      loads.push(name);
      if (failing.includes(name)) throw new EngineError(`No ${name} here.`, { remedy: `Get ${name}.` });
      return { device: `device of ${name}`, versions: { [name]: '1' } };
    },
  });
  const drivers = Object.fromEntries(NAMES.map((name) => [name, driver(name)])) as Record<EngineName, EngineDriver>;
  return { drivers, loads, mended: () => (failing = []) };
}

const goodProbe = async (): Promise<void> => {};

describe("loadEngine('auto')", () => {
  it('takes cuda first and tries nothing else', async () => {
    const { drivers, loads } = fakes();
    const engine = await createLoader(drivers, goodProbe)('auto');
    expect(engine).toMatchObject({ name: 'cuda', device: 'device of cuda', versions: { cuda: '1' }, passedOver: [] });
    expect(loads).toEqual(['cuda']);
  });

  it('goes from cuda to webgpu to native to wasm and says why it passed the others over', async () => {
    const { drivers, loads } = fakes(['cuda', 'webgpu', 'native']);
    const engine = await createLoader(drivers, goodProbe)('auto');
    expect(engine.name).toBe('wasm');
    expect(loads).toEqual(['cuda', 'webgpu', 'native', 'wasm']);
    expect(engine.passedOver).toEqual([
      { name: 'cuda', reason: 'No cuda here.', remedy: 'Get cuda.' },
      { name: 'webgpu', reason: 'No webgpu here.', remedy: 'Get webgpu.' },
      { name: 'native', reason: 'No native here.', remedy: 'Get native.' },
    ]);
  });

  it('passes over an engine that loads but fails its probe', async () => {
    const { drivers } = fakes(['cuda', 'webgpu']);
    const load = createLoader(drivers, async (name) => {
      if (name === 'native') throw new EngineError('Wrong numbers.', { remedy: 'Another engine.' });
    });
    const engine = await load('auto');
    expect(engine.name).toBe('wasm');
    expect(engine.passedOver.map(({ reason }) => reason)).toEqual(['No cuda here.', 'No webgpu here.', 'Wrong numbers.']);
  });

  it('never falls back to js, and says why each engine failed', async () => {
    const { drivers, loads } = fakes(['cuda', 'webgpu', 'native', 'wasm']);
    await expect(createLoader(drivers, goodProbe)('auto')).rejects.toThrow('No engine works on this machine. cuda: No cuda here. webgpu: No webgpu here. native: No native here. wasm: No wasm here.');
    expect(loads).not.toContain('js');
  });

  it('does not hide an error that is not an engine’s', async () => {
    const { drivers } = fakes();
    const load = createLoader(drivers, async () => {
      throw new TypeError('a bug');
    });
    await expect(load('auto')).rejects.toThrow(TypeError);
  });
});

describe('one engine per process', () => {
  it('gives the same promise for the same name', async () => {
    const { drivers, loads } = fakes();
    const load = createLoader(drivers, goodProbe);
    expect(load('native')).toBe(load('native'));
    await load('native');
    expect(loads).toEqual(['native']);
  });

  it('refuses a second engine and names both', async () => {
    const load = createLoader(fakes().drivers, goodProbe);
    await load('native');
    await expect(load('wasm')).rejects.toThrow("This process runs the engine 'native' and cannot load 'wasm' too.");
    await expect(load('wasm')).rejects.toBeInstanceOf(EngineError);
  });

  it('refuses it also while the first one is still loading', async () => {
    const load = createLoader(fakes().drivers, goodProbe);
    const [first, second] = await Promise.allSettled([load('native'), load('wasm')]);
    expect(first.status).toBe('fulfilled');
    expect(second.status).toBe('rejected');
  });

  it("gives the running engine to 'auto', and what 'auto' found to its name", async () => {
    const chosen = createLoader(fakes().drivers, goodProbe);
    expect(await chosen('auto')).toBe(await chosen('cuda'));
    const byName = createLoader(fakes().drivers, goodProbe);
    expect(await byName('js')).toBe(await byName('auto'));
  });

  it('may be tried again after a failure', async () => {
    const { drivers, mended } = fakes(['native']);
    const load = createLoader(drivers, goodProbe);
    await expect(load('native')).rejects.toThrow('No native here.');
    mended();
    expect((await load('native')).name).toBe('native');
  });

  it('loads another engine after one that failed', async () => {
    const load = createLoader(fakes(['native']).drivers, goodProbe);
    const [, second] = await Promise.allSettled([load('native'), load('wasm')]);
    expect(second).toMatchObject({ status: 'fulfilled', value: { name: 'wasm' } });
  });
});

it('refuses a name that is none, with the names that are', async () => {
  const load = createLoader(fakes().drivers, goodProbe);
  const failure = load('tpu' as EngineName);
  await expect(failure).rejects.toBeInstanceOf(UsageError);
  await expect(failure).rejects.toMatchObject({ message: "There is no engine 'tpu'.", remedy: 'Take one of: auto, cuda, webgpu, native, wasm, js.' });
});
