import { UsageError } from '@ganzoo/core';

/**
 * What was asked for, or the first of what there is.
 * @throws {UsageError} when what was asked for is not there
 */
export function oneOf(name: string, option: string, allowed: readonly number[], asked: number | undefined): number {
  if (asked === undefined) return allowed[0] as number;
  if (!allowed.includes(asked)) {
    throw new UsageError(`'${name}' does not come with ${option} ${asked}.`, { remedy: `Choose one of ${allowed.join(', ')}.` });
  }
  return asked;
}

/** @throws {UsageError} when the limit is not a whole number of at least 1 */
export function checkLimit(name: string, limit: number | undefined): void {
  if (limit === undefined || (Number.isSafeInteger(limit) && limit > 0)) return;
  throw new UsageError(`${limit} is not a number of samples to limit '${name}' to.`, { remedy: 'Give a whole number of at least 1.' });
}
