import { ConfigError, DataError, type DataSpec } from '@ganzoo/core';

/**
 * Two domains that can be translated into each other.
 * @throws {DataError} when their images differ in size, or their sides are no multiples of 4
 * @throws {ConfigError} when the identity loss is asked for and they differ in channels
 */
export function checkedDomains(data: DataSpec, identityWeight: number): { a: DataSpec; b: DataSpec } {
  const { a, b } = data.domains as { a: DataSpec; b: DataSpec };
  const side = ({ shape }: DataSpec): string => `${shape[0]} x ${shape[1]}`;
  if (side(a) !== side(b)) {
    throw new DataError(`cyclegan cannot train on '${data.name}': '${a.name}' has images of ${side(a)} pixels, '${b.name}' of ${side(b)}.`, {
      remedy: 'Choose domains of one size, or load both at one.',
    });
  }
  if ([a.shape[0], a.shape[1]].some((pixels) => (pixels as number) % 4 !== 0 || (pixels as number) < 8)) {
    throw new DataError(`cyclegan cannot train on '${data.name}': its images of ${side(a)} pixels cannot be halved twice.`, {
      remedy: 'Choose images whose height and width are multiples of 4, at least 8.',
    });
  }
  if (identityWeight > 0 && a.shape[2] !== b.shape[2]) {
    throw new ConfigError(`cyclegan: the identity loss needs domains of equal channels; '${a.name}' has ${a.shape[2]}, '${b.name}' ${b.shape[2]}.`, {
      remedy: 'Set identityWeight=0, or load both domains with the same number of channels.',
    });
  }
  return { a, b };
}
