import type { DataSpec } from './data.js';
import { DataError } from './errors.js';
import type { Variant } from './variant.js';

/**
 * Checks that data fit a variant, before anything is built.
 * @throws {DataError} naming the variant, the data set, what it is and what is needed.
 */
export function checkRequirements(variant: Pick<Variant, 'name' | 'requires'>, data: DataSpec): void {
  const { requires } = variant;
  const refuse = (has: string, needs: string): never => {
    throw new DataError(`${variant.name} cannot train on '${data.name}': it ${has}.`, { remedy: `Choose data that ${needs}.` });
  };
  if (requires.twoDomains === true && data.domains === undefined) refuse('is one domain', 'are two unpaired domains');
  if (requires.twoDomains !== true && data.domains !== undefined) refuse('is two domains', 'are one domain');
  if (requires.labels === true && data.classes === undefined) refuse('has no labels', 'have labels');
  for (const one of data.domains ? [data.domains.a, data.domains.b] : [data]) {
    if (requires.kind && !requires.kind.includes(one.kind)) refuse(`consists of ${one.kind}`, `consist of ${requires.kind.join(' or ')}`);
    if (one.kind !== 'images') continue;
    const [height, width, channels] = one.shape as [number, number, number];
    if (requires.sizes && !(height === width && requires.sizes.includes(height))) {
      refuse(`has images of ${height} x ${width} pixels`, `have ${requires.sizes.map((side) => `${side} x ${side}`).join(' or ')} pixels`);
    }
    if (requires.channels && !requires.channels.includes(channels)) {
      refuse(`has ${channels} channels`, `have ${requires.channels.join(' or ')}`);
    }
  }
}
