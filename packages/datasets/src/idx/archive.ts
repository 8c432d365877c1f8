import type { Archive, PublishedFile } from '../files/archive.js';
import type { OfficialSplit } from '../splits.js';

/** A data set in the files of MNIST: images and labels of two splits. `.gz` is IDX, `.npz` a zipped NumPy array. */
export interface IdxArchive extends Archive {
  readonly splits: Readonly<Record<OfficialSplit, SplitFiles>>;
}

interface SplitFiles {
  /** Number of images. */
  readonly length: number;
  /** The same content in one form or another; the first is the one that is downloaded. */
  readonly images: readonly PublishedFile[];
  readonly labels: readonly PublishedFile[];
}
