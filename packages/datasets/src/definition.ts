import type { Dataset, SplitName } from '@ganzoo/core';

/** A data set as a plain value: what it is, and how it is loaded. */
export interface DatasetDefinition {
  /** `fashion-mnist` */
  readonly name: string;
  /** One sentence. */
  readonly description: string;
  /** Two unpaired domains `a` and `b`, of the same sizes and channels; all else is that of `a`. */
  readonly domains?: boolean;
  /** One sample as it is kept: [height, width, channels], or [dimensions] of a vector. */
  readonly shape: readonly number[];
  /** Heights (= widths) in pixels that `size` may ask for; the first is the default. None for vectors. */
  readonly sizes: readonly number[];
  /** Numbers of channels that `channels` may ask for; the first is the default. None for vectors. */
  readonly channels: readonly number[];
  /** 0 when samples carry no labels. */
  readonly classes: number;
  readonly classNames: readonly string[];
  /** Number of samples in each split. */
  readonly splits: Readonly<Record<SplitName, number>>;
  readonly licence: string;
  /** Where it comes from: addresses that are tried in order. Empty when nothing is downloaded. */
  readonly sources: readonly string[];
  load(options?: LoadOptions): Promise<Dataset>;
}

export interface LoadOptions {
  /**
   * Folder that has the files: in itself, or in a folder of the data set's name below it (`mnist/`, `fashion/` or
   * `fashion-mnist/`, `kmnist/`). With it nothing is downloaded.
   * @default the environment's GANZOO_DATA; without it the user's cache, filled from the official sources
   */
  readonly dataDir?: string | undefined;
  /**
   * Height and width in pixels: 28 as published, 32 with a margin of 2 pixels of background, 64 the picture of 32
   * enlarged twice (bilinear). A folder's pictures come in any size, by default in their own.
   * @default 28
   */
  readonly size?: number | undefined;
  /**
   * 3 repeats the grey channel three times.
   * @default 1; a folder's as its first picture has it
   */
  readonly channels?: number | undefined;
  /** At most this many samples per split: a random part, fixed by seed. */
  readonly limit?: number | undefined;
  /**
   * Splits that are loaded (and if need be downloaded) before the promise resolves, so that whatever is wrong shows
   * at once. Others are loaded by their first `read`.
   * @default []
   */
  readonly splits?: readonly SplitName[] | undefined;
  /** Called while a file is downloaded. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /**
   * A download that brings no byte for this long is given up, in milliseconds.
   * @default 30000
   */
  readonly stallTimeoutMs?: number | undefined;
}

export interface DownloadProgress {
  /** `mnist/train-images-idx3-ubyte.gz` */
  readonly file: string;
  /** Bytes here so far, with those of an earlier, interrupted try. */
  readonly bytes: number;
  /** Bytes of the whole file, when known. */
  readonly total?: number;
}
