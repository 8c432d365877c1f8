import type { DatasetDefinition } from '../definition.js';
import { imageDataset } from '../image-dataset.js';
import { NATIVE_SIDE } from '../placement.js';
import { splitSizes } from '../splits.js';
import type { Archive } from './archive.js';
import { addresses } from './archive.js';
import { loadSplit } from './load.js';

type Told = Pick<DatasetDefinition, 'description' | 'classNames' | 'licence'>;

/** The definition of a data set that is published in MNIST's files. */
export function idxDataset(archive: Archive, told: Told): DatasetDefinition {
  const { train, test } = archive.splits;
  const official = { train: train.length, test: test.length };
  const files = [train, test].flatMap(({ images, labels }) => [images[0], labels[0]]);
  const definition: DatasetDefinition = {
    ...told,
    name: archive.name,
    shape: [NATIVE_SIDE, NATIVE_SIDE, 1],
    sizes: [28, 32, 64],
    channels: [1, 3],
    classes: told.classNames.length,
    splits: splitSizes(official),
    sources: files.flatMap((published) => (published === undefined ? [] : addresses(archive, published.file))),
    load: (options = {}) => imageDataset(definition, official, (split) => loadSplit(archive, split, options), options),
  };
  return definition;
}
