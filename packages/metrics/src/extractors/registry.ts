import { nearest, UsageError } from '@ganzoo/core';

/** What an extractor was made from. */
export interface ExtractorFacts {
  /** The data set on whose train split its classifier was trained; null for one that was not trained. */
  readonly trainedOn: string | null;
  /** How much of the data set that was, where it is not all of it. */
  readonly part?: string;
}

/** Every extractor. */
export const extractors = {
  'glyphs-lenet64': { trainedOn: 'glyphs' },
  'mnist-lenet64': { trainedOn: 'mnist' },
  'mnist-lenet64x3': { trainedOn: 'mnist' },
  'fashion-lenet64': { trainedOn: 'fashion-mnist' },
  'cifar4k-lenet64': { trainedOn: 'cifar10', part: 'the first 4,000 records of data_batch_1, five sevenths of them' },
  'random-conv64': { trainedOn: null },
} as const satisfies Record<string, ExtractorFacts>;

export type ExtractorName = keyof typeof extractors;
/** Those that have a file of trained weights. */
export type TrainedName = Exclude<ExtractorName, 'random-conv64' | 'mnist-lenet64x3'>;

/** Which extractor scores which data set. kmnist has none of its own: its scores say `mnist-lenet64` in their names. */
const extractorOfDataset: Readonly<Record<string, ExtractorName>> = {
  glyphs: 'glyphs-lenet64',
  mnist: 'mnist-lenet64',
  kmnist: 'mnist-lenet64',
  'fashion-mnist': 'fashion-lenet64',
  cifar10: 'cifar4k-lenet64',
  'stacked-mnist': 'mnist-lenet64x3',
};

/** The second opinion on every data set: one extractor alone can be fooled. */
export const secondExtractor: ExtractorName = 'random-conv64';

/** Channels that an extractor with a file of weights looks at. */
export function channelsOf(name: TrainedName): 1 | 3 {
  return name === 'cifar4k-lenet64' ? 3 : 1;
}

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
