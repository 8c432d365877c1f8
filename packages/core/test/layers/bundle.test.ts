import { build, type Rollup } from 'vite';
import { describe, expect, it } from 'vitest';

/** A page that imports the layers only to load a network which has some. */
const PAGE = `
  import '@ganzoo/core/layers';
  import { loadLayersModel } from '@tensorflow/tfjs';
  globalThis.load = loadLayersModel;
`;

describe('a bundle that names no layer', () => {
  it('registers every one of them: bundlers must not take the import for one without effects', async () => {
    const page = { name: 'page', resolveId: (id: string) => (id === 'page' ? id : null), load: (id: string) => (id === 'page' ? PAGE : null) };
    const result = (await build({
      configFile: false,
      logLevel: 'error',
      plugins: [page],
      resolve: { conditions: ['@ganzoo/source'] },
      build: { write: false, minify: false, rollupOptions: { input: 'page', external: ['@tensorflow/tfjs'] } },
    })) as Rollup.RollupOutput;
    const code = result.output.map((file) => (file.type === 'chunk' ? file.code : '')).join('\n');
    const registered = [...code.matchAll(/registerClass\((\w+)\)/g)].map(([, name]) => name);
    const named = [...code.matchAll(/"className", "(\w+)"|className = "(\w+)"/g)].map(([, one, other]) => one ?? other);
    expect(named.sort()).toEqual(registered.sort());
    expect(registered).toEqual([
      'EqualizedConv2D',
      'EqualizedDense',
      'InstanceNormalization',
      'Maxout',
      'MinibatchStdDev',
      'PixelNorm',
      'ReflectionPadding2D',
      'SpectralConv2D',
      'SpectralDense',
    ]);
  });
});
