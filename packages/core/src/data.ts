import type * as tf from '@tensorflow/tfjs';
import { DataError } from './errors.js';

/** What a variant must know of its data before it can build networks. */
export interface DataSpec {
  /** `mnist`, `glyphs`, `ring` ... */
  readonly name: string;
  readonly kind: 'images' | 'vectors';
  /** One sample: [height, width, channels] in [-1, 1], or [dimensions]. Two domains: that of `a`. */
  readonly shape: readonly number[];
  /** Number of classes, when samples carry labels 0 .. classes - 1. */
  readonly classes?: number;
  readonly classNames?: readonly string[];
  /** Unpaired domains `a` and `b` instead of one source `real`. */
  readonly domains?: { readonly a: DataSpec; readonly b: DataSpec };
  /** What vectors are drawn from, where that is known: its modes can be counted. */
  readonly mixture?: Mixture;
}

/** Gaussians that are equally likely and have the same covariance, sigma^2 I. */
export interface Mixture {
  /** [modes][dimensions] */
  readonly centres: readonly (readonly number[])[];
  readonly sigma: number;
}

/** `train` and `validation` are disjoint parts of the official training split; `test` is the official test split. */
export type SplitName = 'train' | 'validation' | 'test';
export type DomainName = 'real' | 'a' | 'b';

/** A number of samples, one after the other. */
export interface Samples {
  /** Images: [n, h, w, c] row-major in [-1, 1]; vectors: [n, d]. */
  readonly values: Float32Array;
  /** [n], 0 .. classes - 1, when the data set has labels. */
  readonly labels?: Int32Array;
}

/** Random access to the samples of one split (of one domain). */
export interface Source {
  readonly spec: DataSpec;
  readonly length: number;
  /**
   * The samples at `indices`, in that order (an index may repeat). The same index always gives the same sample.
   * @throws {DataError} when an index is not in 0 .. length - 1, or a file cannot be read.
   */
  read(indices: ArrayLike<number>): Promise<Samples>;
}

export type Direction = 'AtoB' | 'BtoA';

export interface Dataset {
  readonly spec: DataSpec;
  /** @param domain `real` (default), or `a` / `b` of a data set with two domains. */
  source(split: SplitName, domain?: DomainName): Source;
  /**
   * Two unpaired domains of which it is known which sample of one belongs to which of the other: what an ideal
   * translation makes of `values`. For measuring a translator's error; never for training it.
   * @param values samples of domain a (AtoB) or b (BtoA), [n, ...shape]
   * @returns [n, ...shape] of the other domain
   */
  trueMapping?(values: Float32Array, direction: Direction): Float32Array;
}

/** What one move of one player sees. The tensors are the trainer's; a player does not dispose them. */
export interface Batch {
  readonly size: number;
  /** [size, ...shape]. As the others, it throws when the player's `needs` do not list it. */
  readonly real: tf.Tensor;
  /** [size], int32. */
  readonly labels: tf.Tensor1D;
  readonly a: tf.Tensor;
  readonly b: tf.Tensor;
}

/** @throws {DataError} when an index lies outside 0 .. length - 1. */
export function checkIndices(indices: ArrayLike<number>, length: number, name: string): void {
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i] as number;
    if (!(Number.isInteger(index) && index >= 0 && index < length)) {
      throw new DataError(`Sample ${index} was asked of '${name}', which has ${length}.`, {
        remedy: `Ask for indices between 0 and ${length - 1}.`,
      });
    }
  }
}

/** Number of values in one sample. */
export function sampleSize(spec: Pick<DataSpec, 'shape'>): number {
  return spec.shape.reduce((product, side) => product * side, 1);
}
