import { nearest, UsageError } from '@ganzoo/core';

/** Every extractor, and the data set on whose train split it was trained. */
export const extractors = {
  'glyphs-lenet64': { trainedOn: 'glyphs' },
  'mnist-lenet64': { trainedOn: 'mnist' },
  'fashion-lenet64': { trainedOn: 'fashion-mnist' },
} as const satisfies Record<string, { trainedOn: string }>;

export type ExtractorName = keyof typeof extractors;

/** Which extractor scores which data set. kmnist has none of its own: its scores say `mnist-lenet64` in their names. */
const extractorOfDataset: Readonly<Record<string, ExtractorName>> = {
  glyphs: 'glyphs-lenet64',
  mnist: 'mnist-lenet64',
  kmnist: 'mnist-lenet64',
  'fashion-mnist': 'fashion-lenet64',
};

/**
 * The extractor for a data set's scores.
 * @throws {UsageError} when there is none; the nearest names are suggested.
 */
export function extractorFor(datasetName: string): ExtractorName {
  return find('extractor for the data set', datasetName, extractorOfDataset);
}

/** @throws {UsageError} when there is no extractor of this name; the nearest names are suggested. */
export function checkExtractorName(name: string): ExtractorName {
  return find('extractor', name, Object.fromEntries(Object.keys(extractors).map((known) => [known, known as ExtractorName])));
}

function find(what: string, name: string, known: Readonly<Record<string, ExtractorName>>): ExtractorName {
  const found = Object.hasOwn(known, name) ? known[name] : undefined;
  if (found !== undefined) return found;
  const names = Object.keys(known);
  const meant = nearest(name, names);
  const hint = meant.length > 0 ? `Did you mean ${meant.map((word) => `'${word}'`).join(' or ')}? ` : '';
  throw new UsageError(`There is no ${what} '${name}'.`, { remedy: `${hint}Known are ${names.join(', ')}.` });
}
