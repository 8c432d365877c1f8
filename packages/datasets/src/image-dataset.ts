import { checkIndices, DataError } from '@ganzoo/core';
import type { Dataset, DataSpec, DomainName, Samples, Source, SplitName } from '@ganzoo/core';
import { checkLimit, oneOf } from './asked.js';
import type { DatasetDefinition, LoadOptions } from './definition.js';
import type { Placement } from './placement.js';
import { placements } from './placement.js';
import type { OfficialSplit } from './splits.js';
import { officialSplit, splitMembers, splitSizes } from './splits.js';

/** The labelled 28x28 grey images of an official split, as bytes. */
export interface ImageBytes {
  readonly length: number;
  /** [784], row-major, 0 (background) .. 255. */
  image(index: number): Uint8Array;
  /** 0 .. classes - 1 */
  label(index: number): number;
}

type Shown = Pick<DatasetDefinition, 'name' | 'sizes' | 'channels' | 'classes' | 'classNames'>;

/**
 * A data set whose official splits are loaded when they are first needed, and once.
 * @param official number of images in each official split
 * @param load gives an official split's images
 * @throws {UsageError} when `size`, `channels` or `limit` is not one that the data set has
 */
export async function imageDataset(
  shown: Shown,
  official: Readonly<Record<OfficialSplit, number>>,
  load: (split: OfficialSplit) => Promise<ImageBytes>,
  options: LoadOptions = {},
): Promise<Dataset> {
  const size = oneOf(shown.name, 'size', shown.sizes, options.size);
  const channels = oneOf(shown.name, 'channels', shown.channels, options.channels);
  const { limit } = options;
  checkLimit(shown.name, limit);
  const spec: DataSpec = {
    name: shown.name,
    kind: 'images',
    shape: [size, size, channels],
    classes: shown.classes,
    classNames: shown.classNames,
  };
  const loaded = once(load);
  const source = (split: SplitName): Source => {
    const part = officialSplit(split);
    const length = Math.min(splitSizes(official)[split], limit ?? Infinity);
    let members: Uint32Array | undefined;
    return {
      spec,
      length,
      async read(indices) {
        checkIndices(indices, length, `${shown.name} (${split})`);
        const images = await loaded(part);
        members ??= splitMembers(split, images.length, limit);
        return readSamples(images, members, indices, size, channels);
      },
    };
  };
  for (const split of options.splits ?? []) await loaded(officialSplit(split));
  return {
    spec,
    source(split: SplitName, domain: DomainName = 'real') {
      if (domain !== 'real') {
        throw new DataError(`'${shown.name}' has no domain '${domain}'.`, { remedy: 'Use a data set of two domains, or a variant that needs one.' });
      }
      return source(split);
    },
  };
}

/** Images and labels of the samples that `indices` name among `members`. */
function readSamples(images: ImageBytes, members: Uint32Array, indices: ArrayLike<number>, size: number, channels: number): Samples {
  const place = placements[size] as Placement;
  const pixels = size * size;
  const grey = new Float32Array(indices.length * pixels);
  const labels = new Int32Array(indices.length);
  for (let i = 0; i < indices.length; i++) {
    const member = members[indices[i] as number] as number;
    place(images.image(member), grey, i * pixels);
    labels[i] = images.label(member);
  }
  return { values: channels === 1 ? grey : repeatChannels(grey, channels), labels };
}

function repeatChannels(grey: Float32Array, channels: number): Float32Array {
  const values = new Float32Array(grey.length * channels);
  for (let i = 0, at = 0; i < grey.length; i++) {
    for (let channel = 0; channel < channels; channel++) values[at++] = grey[i] as number;
  }
  return values;
}

/** Remembers a promise per key, but not a failed one: what was missing may be there at the next try. */
function once<K, V>(work: (key: K) => Promise<V>): (key: K) => Promise<V> {
  const results = new Map<K, Promise<V>>();
  return (key) => {
    let result = results.get(key);
    if (result === undefined) {
      result = work(key);
      result.catch(() => results.delete(key));
      results.set(key, result);
    }
    return result;
  };
}
