import type { Dataset } from '@ganzoo/core';

/** White paper and black ink: another data set, as far as a classifier of glyphs is concerned. */
export function inverted(dataset: Dataset): Dataset {
  return {
    spec: { ...dataset.spec, name: `inverted ${dataset.spec.name}` },
    source(split) {
      const source = dataset.source(split);
      return {
        ...source,
        async read(indices) {
          const samples = await source.read(indices);
          return { ...samples, values: samples.values.map((value) => -value) };
        },
      };
    },
  };
}
