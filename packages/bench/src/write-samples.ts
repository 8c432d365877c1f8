import path from 'node:path';
import { encodeNpy, sampleSize } from '@ganzoo/core';
import { writeFileAtomic } from '@ganzoo/core/node';
import { encodeGrid, encodeImage } from './grid.js';

/**
 * Writes samples as one picture (`.png`), as an array (`.npy`), or as one picture each into a folder.
 * @param values [n, ...shape]
 * @param columns of the one picture; by default it is about as wide as high.
 * @returns the path that was written.
 */
export async function writeSamples(values: Float32Array, shape: readonly number[], out: string, columns?: number): Promise<string> {
  const target = path.resolve(out);
  const count = values.length / sampleSize({ shape });
  if (out.endsWith('.npy')) await writeFileAtomic(target, encodeNpy(values, [count, ...shape]));
  else if (out.endsWith('.png')) await writeFileAtomic(target, encodeGrid(values, shape, columns));
  else {
    const size = sampleSize({ shape });
    const digits = String(count - 1).length;
    for (let i = 0; i < count; i++) {
      await writeFileAtomic(path.join(target, `${String(i).padStart(digits, '0')}.png`), encodeImage(values.subarray(i * size, (i + 1) * size), shape));
    }
  }
  return target;
}
