import { checkIndices, DataError } from '@ganzoo/core';
import type { Dataset, DataSpec, DomainName, Samples, Source, SplitName } from '@ganzoo/core';
import { checkLimit, oneOf } from './asked.js';
import type { DatasetDefinition, LoadOptions } from './definition.js';
import { toChannels } from './channels.js';
import { type Placement, placement } from './placement.js';
import { type OfficialSplit, officialSplit, splitMembers, splitSizes } from './splits.js';

/** The labelled images of an official split, as bytes. */
export interface ImageBytes {
  readonly length: number;
  /** [side * side * channels], row-major, the channels of a pixel side by side; 0 (background) .. 255. */
  image(index: number): Uint8Array;
  /** 0 .. classes - 1 */
  label(index: number): number;
}

type Shown = Pick<DatasetDefinition, 'name' | 'shape' | 'sizes' | 'channels' | 'classes' | 'classNames'>;

/**
 * A data set whose official splits are loaded when they are first needed, and once.
 * @param shown `shape` is that of the images that `load` gives
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
  const [side, , published] = shown.shape as [number, number, number];
  const size = oneOf(shown.name, 'size', shown.sizes, options.size);
  const channels = oneOf(shown.name, 'channels', shown.channels, options.channels);
  const { limit } = options;
  checkLimit(shown.name, limit);
  const place = placement(side, published, size);
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
        const { values, labels } = readSamples(images, members, indices, { place, sampleSize: size * size * published });
        return { values: toChannels(values, published, channels), labels };
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
function readSamples(
  images: ImageBytes,
  members: Uint32Array,
  indices: ArrayLike<number>,
  { place, sampleSize }: { readonly place: Placement; readonly sampleSize: number },
): Required<Samples> {
  const values = new Float32Array(indices.length * sampleSize);
  const labels = new Int32Array(indices.length);
  for (let i = 0; i < indices.length; i++) {
    const member = members[indices[i] as number] as number;
    place(images.image(member), values, i * sampleSize);
    labels[i] = images.label(member);
  }
  return { values, labels };
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
