import { Random, type SplitName } from '@ganzoo/core';

/** One picture of seven is kept for the test and one for validation, as in MNIST. */
const SHARE = 1 / 7;

/** Number of pictures in each split. */
export function folderSplitSizes(length: number): Record<SplitName, number> {
  const held = Math.max(1, Math.floor(length * SHARE));
  return { train: length - 2 * held, validation: held, test: held };
}

/** Which pictures of a folder make up a split: disjoint random parts, the same for every run as long as the number of pictures is. */
export function folderSplit(split: SplitName, length: number): Uint32Array {
  const { train, validation } = folderSplitSizes(length);
  const order = Random.of('datasets', 'folder', length).permutation(length);
  const start = { train: 0, validation: train, test: train + validation }[split];
  return order.slice(start, start + folderSplitSizes(length)[split]);
}
