import type { Checksum } from './checksum.js';

/** One published file. */
export interface PublishedFile {
  /** `train-images-idx3-ubyte.gz` */
  readonly file: string;
  /** Absent where none is published: then the content is checked by what it must be. Only what has one is downloaded. */
  readonly checksum?: Checksum;
  /** Size in bytes. */
  readonly bytes?: number;
}

/** Where a data set's files are published, and where they may lie. */
export interface Archive {
  /** `fashion-mnist` */
  readonly name: string;
  /** Folders below a data folder where its files may be, the most specific first. */
  readonly folders: readonly string[];
  /** Base addresses of the files, tried in order. */
  readonly mirrors: readonly string[];
}

/** Where a published file can be downloaded, in the order in which to try. */
export function addresses({ mirrors }: Archive, file: string): string[] {
  return mirrors.map((mirror) => new URL(file, mirror).href);
}
