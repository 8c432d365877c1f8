import type { DatasetDefinition } from '../definition.js';
import { addresses } from '../files/archive.js';
import { imageDataset } from '../image-dataset.js';
import { NATIVE_SIDE, sizesOf } from '../placement.js';
import { splitSizes } from '../splits.js';
import type { IdxArchive } from './archive.js';
import { loadSplit } from './load.js';

type Told = Pick<DatasetDefinition, 'description' | 'classNames' | 'licence'>;

/** The definition of a data set that is published in MNIST's files. */
export function idxDataset(archive: IdxArchive, told: Told): DatasetDefinition {
  const { train, test } = archive.splits;
  const official = { train: train.length, test: test.length };
  const files = [train, test].flatMap(({ images, labels }) => [images[0], labels[0]]);
  const definition: DatasetDefinition = {
    ...told,
    name: archive.name,
    shape: [NATIVE_SIDE, NATIVE_SIDE, 1],
    sizes: sizesOf(NATIVE_SIDE),
    channels: [1, 3],
    classes: told.classNames.length,
    splits: splitSizes(official),
    sources: files.flatMap((published) => (published === undefined ? [] : addresses(archive, published.file))),
    load: (options = {}) => imageDataset(definition, official, (split) => loadSplit(archive, split, options), options),
  };
  return definition;
}
