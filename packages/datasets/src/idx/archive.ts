import type { Checksum } from '../checksum.js';
import type { OfficialSplit } from '../splits.js';

/** One published file. */
export interface PublishedFile {
  /** `train-images-idx3-ubyte.gz`; `.gz` is IDX, `.npz` a zipped NumPy array. */
  readonly file: string;
  /** Absent where none is published: then the content's own CRC-32 and its shape are what is checked. */
  readonly checksum?: Checksum;
  /** Size in bytes. */
  readonly bytes?: number;
}

/** A data set in the files of MNIST: images and labels of two splits. */
export interface Archive {
  /** `fashion-mnist` */
  readonly name: string;
  /** Folders below a data folder where its files may be, the most specific first. */
  readonly folders: readonly string[];
  /** Base addresses of the files, tried in order. */
  readonly mirrors: readonly string[];
  readonly splits: Readonly<Record<OfficialSplit, SplitFiles>>;
}

interface SplitFiles {
  /** Number of images. */
  readonly length: number;
  /** The same content in one form or another; the first is the one that is downloaded. */
  readonly images: readonly PublishedFile[];
  readonly labels: readonly PublishedFile[];
}

/** Where a published file can be downloaded, in the order in which to try. */
export function addresses(archive: Archive, file: string): string[] {
  return archive.mirrors.map((mirror) => new URL(file, mirror).href);
}
