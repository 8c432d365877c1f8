import { type Dataset, DataError, type DataSpec, type SplitName, UsageError } from '@ganzoo/core';
import type { DatasetDefinition, LoadOptions } from './definition.js';
import { twoDomainDataset } from './two-domains.js';

/**
 * Two data sets as the unpaired domains a and b of one, `mnist+fashion-mnist`. Options go to both. Unless it is asked
 * for otherwise, both have as many channels as the one with more, where the other comes in that many.
 * @throws {UsageError} when one of them is two domains already, or consists of vectors
 */
export function pairOf(a: DatasetDefinition, b: DatasetDefinition): DatasetDefinition {
  const name = `${a.name}+${b.name}`;
  for (const one of [a, b]) {
    const what = one.domains ? 'is two domains already' : one.sizes.length === 0 ? 'consists of points' : undefined;
    if (what !== undefined) throw new UsageError(`'${name}' is no pair of data sets: '${one.name}' ${what}.`, { remedy: 'Name two data sets of images, each one domain.' });
  }
  const common = (numbers: 'sizes' | 'channels'): number[] => a[numbers].filter((one) => b[numbers].includes(one));
  const fewest = (split: SplitName): number => Math.min(a.splits[split], b.splits[split]);
  return {
    ...a,
    name,
    description: `Two unpaired domains. a: ${a.description} b: ${b.description}`,
    domains: true,
    sizes: common('sizes'),
    channels: common('channels'),
    splits: { train: fewest('train'), validation: fewest('validation'), test: fewest('test') },
    licence: a.licence === b.licence ? a.licence : `a: ${a.licence}; b: ${b.licence}`,
    sources: [...a.sources, ...b.sources],
    load: (options) => loadPair(name, a, b, options),
  };
}

async function loadPair(name: string, a: DatasetDefinition, b: DatasetDefinition, options: LoadOptions = {}): Promise<Dataset> {
  const channels = options.channels ?? commonDefault(a.channels, b.channels);
  const loaded = { a: await a.load({ ...options, channels }), b: await b.load({ ...options, channels }) };
  const domains = { a: loaded.a.spec, b: loaded.b.spec };
  const pixels = ({ shape: [height, width] }: DataSpec): string => `${width} x ${height} pixels`;
  if (pixels(domains.a) !== pixels(domains.b)) {
    throw new DataError(`The domains of '${name}' differ in size: '${a.name}' has ${pixels(domains.a)}, '${b.name}' has ${pixels(domains.b)}.`, {
      remedy: 'Ask for a size that both come in.',
    });
  }
  return twoDomainDataset(name, domains, (split, domain) => loaded[domain].source(split));
}

/** Grey digits and coloured pictures: both coloured. */
function commonDefault([ofA, ...moreA]: readonly number[], [ofB, ...moreB]: readonly number[]): number | undefined {
  const wanted = Math.max(ofA ?? 0, ofB ?? 0);
  return [ofA, ...moreA].includes(wanted) && [ofB, ...moreB].includes(wanted) ? wanted : undefined;
}
