import { type Dataset, type Source } from '@ganzoo/core';
import type { DatasetDefinition, LoadOptions } from './definition.js';
import { mapGlyphs } from './glyph-pairs/colouring.js';
import { Glyphs, glyphs, OFFICIAL } from './glyphs.js';
import { imageDataset } from './image-dataset.js';
import { twoDomainDataset } from './two-domains.js';

/**
 * Two unpaired domains with a known true mapping between them. Domain a: the glyphs of `glyphs`, white on black, in
 * three equal channels. Domain b: as many other glyphs in blue ink on striped paper, coloured by {@link mapGlyphs}.
 */
export const glyphPairs: DatasetDefinition = {
  name: 'glyph-pairs',
  description: 'Embedded, two domains: glyphs, white on black, and other glyphs in ink on striped paper; the true mapping is known.',
  domains: true,
  shape: [28, 28, 3],
  sizes: glyphs.sizes,
  channels: [3],
  classes: glyphs.classes,
  classNames: glyphs.classNames,
  splits: glyphs.splits,
  licence: glyphs.licence,
  sources: [],
  load: loadPairs,
};

async function loadPairs(options: LoadOptions = {}): Promise<Dataset> {
  const { name } = glyphPairs;
  const drawings = (stream: string): Promise<Dataset> => imageDataset({ ...glyphPairs, shape: glyphs.shape }, OFFICIAL, async (split) => new Glyphs(split, stream), options);
  const [a, b] = [await drawings('glyphs'), await drawings('glyph-pairs')];
  const side = a.spec.shape[0] as number;
  const domains = { a: { ...a.spec, name: glyphs.name }, b: { ...b.spec, name: 'coloured-glyphs' } };
  return {
    ...twoDomainDataset(name, domains, (split, domain) => {
      const source = domain === 'a' ? a.source(split) : coloured(b.source(split), side);
      return { ...source, spec: domains[domain] };
    }),
    trueMapping: (values, direction) => mapGlyphs(values, direction, side),
  };
}

function coloured(drawings: Source, side: number): Source {
  return {
    ...drawings,
    async read(indices) {
      const { values, ...rest } = await drawings.read(indices);
      return { values: mapGlyphs(values, 'AtoB', side), ...rest };
    },
  };
}
