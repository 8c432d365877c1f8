import { checkIndices, type DataSpec, sampleSize, type Source } from '@ganzoo/core';

/** A source of samples that lie in memory. @param copy writes a sample into an array, from a position on. */
export function listed(spec: DataSpec, length: number, copy: (index: number, into: Float32Array, at: number) => void): Source {
  const size = sampleSize(spec);
  return {
    spec,
    length,
    async read(indices) {
      checkIndices(indices, length, spec.name);
      const values = new Float32Array(indices.length * size);
      for (let i = 0; i < indices.length; i++) copy(indices[i] as number, values, i * size);
      return { values };
    },
  };
}
