import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Matrix, type Source, UsageError } from '@ganzoo/core';
import { datasetSide, folderSide, SPLIT } from './dataset-side.js';
import { fileSide } from './file-side.js';
import { isRun, trainedSide } from './trained-side.js';

/** One side of a comparison: features as they are, or images of which an extractor makes features. */
export type Side = { readonly name: string } & (
  | { readonly kind: 'features'; readonly features: Matrix }
  | {
      readonly kind: 'images';
      readonly images: Source;
      /** The data set that the images are of, or were learned from: it has an extractor. */
      readonly dataset?: string;
    }
);

export interface SideOptions {
  readonly dataDir?: string | undefined;
  /** Of data sets and folders: height and width in pixels, number of channels. */
  readonly size?: number | undefined;
  readonly channels?: number | undefined;
  /** Name of the tensor in a safetensors file. */
  readonly key?: string | undefined;
  /** What floating-point images mean by black and white: `[0, 1]`. */
  readonly range?: readonly [number, number] | undefined;
  /** How many samples a checkpoint generates. */
  readonly generate: number;
  /** Of what a checkpoint generates. */
  readonly seed: number;
}

const REMEDY = 'Give a .npy or .safetensors file, a folder of pictures, a run folder, or a data set and its split (mnist:test).';

/**
 * Opens a side by what its name looks like.
 * @throws {UsageError} when it looks like nothing.
 * @throws {DataError} when it cannot be read.
 */
export async function openSide(name: string, options: SideOptions): Promise<Side> {
  if (/\.(npy|safetensors)$/.test(name)) return (await isRun(name)) ? trainedSide(name, options) : fileSide(name, options);
  if (SPLIT.test(name)) return datasetSide(name, options);
  if (existsSync(name) && statSync(name).isDirectory()) return (await isRun(name)) ? trainedSide(name, options) : folderSide(path.resolve(name), options);
  throw new UsageError(`There is nothing to score at '${name}'.`, { remedy: REMEDY });
}
