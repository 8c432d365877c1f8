import { checkIndices, type Dataset, type DataSpec, type Source } from '@ganzoo/core';
import { checkLimit } from './asked.js';
import type { DatasetDefinition, LoadOptions } from './definition.js';
import { mapGlyphs } from './glyph-pairs/colouring.js';
import { Glyphs, glyphs, OFFICIAL } from './glyphs.js';
import { imageDataset } from './image-dataset.js';
import { type Domain, twoDomainDataset } from './two-domains.js';

/** Of the glyphs in a split, a has those of even and b those of odd index: no drawing is in both. */
const FIRST: Readonly<Record<Domain, number>> = { a: 0, b: 1 };

/**
 * Two unpaired domains with a known true mapping between them. Domain a: glyphs, white on black, in three equal
 * channels. Domain b: other glyphs in blue ink on striped paper, coloured by {@link mapGlyphs}.
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
  splits: { train: half(glyphs.splits.train), validation: half(glyphs.splits.validation), test: half(glyphs.splits.test) },
  licence: glyphs.licence,
  sources: [],
  load: loadPairs,
};

async function loadPairs(options: LoadOptions = {}): Promise<Dataset> {
  const { limit, ...rest } = options;
  checkLimit(glyphPairs.name, limit);
  const drawings = await imageDataset(glyphPairs, OFFICIAL, async (split) => new Glyphs(split), rest);
  const domains = { a: { ...drawings.spec, name: glyphs.name }, b: { ...drawings.spec, name: 'coloured-glyphs' } };
  const side = drawings.spec.shape[0] as number;
  return {
    ...twoDomainDataset(glyphPairs.name, domains, (split, domain) => everyOther(drawings.source(split), domain, domains[domain], limit)),
    trueMapping: (values, direction) => mapGlyphs(values, direction, side),
  };
}

/** One domain's half of the drawings. */
function everyOther(drawings: Source, domain: Domain, spec: DataSpec, limit = Infinity): Source {
  const length = Math.min(half(drawings.length), limit);
  return {
    spec,
    length,
    async read(indices) {
      checkIndices(indices, length, `${glyphPairs.name}, domain ${domain}`);
      const drawn = await drawings.read(Array.from(indices, (index) => 2 * index + FIRST[domain]));
      return domain === 'a' ? drawn : { ...drawn, values: mapGlyphs(drawn.values, 'AtoB', spec.shape[0] as number) };
    },
  };
}

function half(length: number): number {
  return Math.floor(length / 2);
}
