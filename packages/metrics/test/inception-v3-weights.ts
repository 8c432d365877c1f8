import type { StateDictionary } from '../src/extractors/inception-v3.js';

/** The convolutions of every block, [out, in, h, w]; as `pytorch_fid` lists them. */
const CONVOLUTIONS: Readonly<Record<string, string>> = {
  Conv2d_1a_3x3: '32x3x3x3',
  Conv2d_2a_3x3: '32x32x3x3',
  Conv2d_2b_3x3: '64x32x3x3',
  Conv2d_3b_1x1: '80x64x1x1',
  Conv2d_4a_3x3: '192x80x3x3',
  Mixed_5b: 'branch1x1 64x192x1x1, branch3x3dbl_1 64x192x1x1, branch3x3dbl_2 96x64x3x3, branch3x3dbl_3 96x96x3x3, branch5x5_1 48x192x1x1, branch5x5_2 64x48x5x5, branch_pool 32x192x1x1',
  Mixed_5c: 'branch1x1 64x256x1x1, branch3x3dbl_1 64x256x1x1, branch3x3dbl_2 96x64x3x3, branch3x3dbl_3 96x96x3x3, branch5x5_1 48x256x1x1, branch5x5_2 64x48x5x5, branch_pool 64x256x1x1',
  Mixed_5d: 'branch1x1 64x288x1x1, branch3x3dbl_1 64x288x1x1, branch3x3dbl_2 96x64x3x3, branch3x3dbl_3 96x96x3x3, branch5x5_1 48x288x1x1, branch5x5_2 64x48x5x5, branch_pool 64x288x1x1',
  Mixed_6a: 'branch3x3 384x288x3x3, branch3x3dbl_1 64x288x1x1, branch3x3dbl_2 96x64x3x3, branch3x3dbl_3 96x96x3x3',
  Mixed_6b: 'branch1x1 192x768x1x1, branch7x7_1 128x768x1x1, branch7x7_2 128x128x1x7, branch7x7_3 192x128x7x1, branch7x7dbl_1 128x768x1x1, branch7x7dbl_2 128x128x7x1, branch7x7dbl_3 128x128x1x7, branch7x7dbl_4 128x128x7x1, branch7x7dbl_5 192x128x1x7, branch_pool 192x768x1x1',
  Mixed_6c: 'branch1x1 192x768x1x1, branch7x7_1 160x768x1x1, branch7x7_2 160x160x1x7, branch7x7_3 192x160x7x1, branch7x7dbl_1 160x768x1x1, branch7x7dbl_2 160x160x7x1, branch7x7dbl_3 160x160x1x7, branch7x7dbl_4 160x160x7x1, branch7x7dbl_5 192x160x1x7, branch_pool 192x768x1x1',
  Mixed_6d: 'branch1x1 192x768x1x1, branch7x7_1 160x768x1x1, branch7x7_2 160x160x1x7, branch7x7_3 192x160x7x1, branch7x7dbl_1 160x768x1x1, branch7x7dbl_2 160x160x7x1, branch7x7dbl_3 160x160x1x7, branch7x7dbl_4 160x160x7x1, branch7x7dbl_5 192x160x1x7, branch_pool 192x768x1x1',
  Mixed_6e: 'branch1x1 192x768x1x1, branch7x7_1 192x768x1x1, branch7x7_2 192x192x1x7, branch7x7_3 192x192x7x1, branch7x7dbl_1 192x768x1x1, branch7x7dbl_2 192x192x7x1, branch7x7dbl_3 192x192x1x7, branch7x7dbl_4 192x192x7x1, branch7x7dbl_5 192x192x1x7, branch_pool 192x768x1x1',
  Mixed_7a: 'branch3x3_1 192x768x1x1, branch3x3_2 320x192x3x3, branch7x7x3_1 192x768x1x1, branch7x7x3_2 192x192x1x7, branch7x7x3_3 192x192x7x1, branch7x7x3_4 192x192x3x3',
  Mixed_7b: 'branch1x1 320x1280x1x1, branch3x3_1 384x1280x1x1, branch3x3_2a 384x384x1x3, branch3x3_2b 384x384x3x1, branch3x3dbl_1 448x1280x1x1, branch3x3dbl_2 384x448x3x3, branch3x3dbl_3a 384x384x1x3, branch3x3dbl_3b 384x384x3x1, branch_pool 192x1280x1x1',
  Mixed_7c: 'branch1x1 320x2048x1x1, branch3x3_1 384x2048x1x1, branch3x3_2a 384x384x1x3, branch3x3_2b 384x384x3x1, branch3x3dbl_1 448x2048x1x1, branch3x3dbl_2 384x448x3x3, branch3x3dbl_3a 384x384x1x3, branch3x3dbl_3b 384x384x3x1, branch_pool 192x2048x1x1',
};

/** The weights of packages/metrics/test/reference/inception_v3.py: each tensor from a hash of its place in the alphabet and of positions in it. */
export function formulaWeights(): StateDictionary {
  const shapes: Record<string, readonly number[]> = { 'fc.weight': [1008, 2048], 'fc.bias': [1008] };
  for (const [block, list] of Object.entries(CONVOLUTIONS)) {
    for (const one of list.split(', ')) {
      const [dimensions, unit] = one.split(' ').reverse() as [string, string | undefined];
      const name = unit === undefined ? block : `${block}.${unit}`;
      const shape = dimensions.split('x').map(Number);
      shapes[`${name}.conv.weight`] = shape;
      for (const part of ['weight', 'bias', 'running_mean', 'running_var']) shapes[`${name}.bn.${part}`] = [shape[0] as number];
    }
  }
  const names = Object.keys(shapes).toSorted();
  return Object.fromEntries(names.map((name, seed) => [name, { shape: shapes[name] as readonly number[], values: valuesOf(name, seed, shapes[name] as readonly number[]) }]));
}

function valuesOf(name: string, seed: number, shape: readonly number[]): Float32Array {
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  const bound = Math.sqrt(6 / shape.slice(1).reduce((product, size) => product * size, 1));
  const scaled = (u: number): number => {
    if (name.endsWith('conv.weight')) return u * 2 * bound;
    if (name.endsWith('bn.weight') || name.endsWith('running_var')) return 1 + 0.5 * u;
    return name.startsWith('fc.') ? 0.1 * u : u;
  };
  for (let i = 0; i < values.length; i++) values[i] = scaled(uniform(seed, i));
  return values;
}

/** In [-.5, .5). */
function uniform(seed: number, i: number): number {
  let h = (Math.imul(i, 2654435761) + Math.imul(seed, 40503)) | 0;
  h ^= h >>> 15;
  h = Math.imul(h, 2246822519);
  h ^= h >>> 13;
  return (h >>> 0) / 2 ** 32 - 0.5;
}
