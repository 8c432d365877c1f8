import { type Dataset, DataError, type DataSpec, type Source, type SplitName } from '@ganzoo/core';

export type Domain = 'a' | 'b';

/** A data set of two unpaired domains; as `DataSpec` has it, its shape is that of `a`. */
export function twoDomainDataset(name: string, domains: Readonly<Record<Domain, DataSpec>>, source: (split: SplitName, domain: Domain) => Source): Dataset {
  const { kind, shape } = domains.a;
  return {
    spec: { name, kind, shape, domains },
    source(split, domain = 'real') {
      if (domain !== 'real') return source(split, domain);
      throw new DataError(`'${name}' is two domains, and one was asked for.`, { remedy: "Ask for domain 'a' or 'b', or use a data set of one domain." });
    },
  };
}
