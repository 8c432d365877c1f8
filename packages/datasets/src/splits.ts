import type { SplitName } from '@ganzoo/core';
import { Random } from '@ganzoo/core';

/** The two parts in which the data sets are published. */
export type OfficialSplit = 'train' | 'test';

/** One sample of six of the official training set is kept for validation: 10,000 of MNIST's 60,000. */
const VALIDATION_SHARE = 1 / 6;

export function officialSplit(split: SplitName): OfficialSplit {
  return split === 'test' ? 'test' : 'train';
}

/** Number of samples in each split. */
export function splitSizes(official: Readonly<Record<OfficialSplit, number>>): Record<SplitName, number> {
  const validation = Math.floor(official.train * VALIDATION_SHARE);
  return { train: official.train - validation, validation, test: official.test };
}

/**
 * Which samples of the official split make up a split, in order.
 *
 * `train` and `validation` are disjoint random parts, because a prefix of an ordered data set is not a random sample
 * of it. The permutation depends on nothing but the number of samples: every run of every seed has the same splits.
 * @param length number of samples in the official split
 * @param limit at most this many: a random part
 */
export function splitMembers(split: SplitName, length: number, limit = Infinity): Uint32Array {
  if (split === 'test') {
    if (limit >= length) return Uint32Array.from({ length }, (_, i) => i);
    return Random.of('datasets', 'test part', length).permutation(length).slice(0, limit);
  }
  const order = Random.of('datasets', 'train and validation', length).permutation(length);
  const { train } = splitSizes({ train: length, test: 0 });
  const members = split === 'train' ? order.subarray(0, train) : order.subarray(train);
  return members.slice(0, Math.min(limit, members.length));
}
