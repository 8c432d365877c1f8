import { type CifarArchive, loadBatches } from './cifar10/load.js';
import { SIDE } from './cifar10/records.js';
import type { DatasetDefinition } from './definition.js';
import { addresses } from './files/archive.js';
import { imageDataset } from './image-dataset.js';
import { sizesOf } from './placement.js';
import { splitSizes } from './splits.js';

/** Checksum: https://www.cs.toronto.edu/~kriz/cifar.html. None is published for the files within. */
const archive: CifarArchive = {
  name: 'cifar10',
  folders: ['cifar10', 'cifar10/cifar-10-batches-bin', 'cifar-10-batches-bin'],
  mirrors: ['https://www.cs.toronto.edu/~kriz/'],
  archive: { file: 'cifar-10-binary.tar.gz', bytes: 170_052_171, checksum: { kind: 'md5', hex: 'c32a1d4ab5d03f1284b67883e8d87530' } },
  prefix: 'cifar-10-batches-bin/',
  batches: {
    train: [1, 2, 3, 4, 5].map((number) => `data_batch_${number}.bin`),
    test: ['test_batch.bin'],
  },
  batchLength: 10_000,
};

const official = { train: 50_000, test: 10_000 };

/** Small pictures of ten kinds of things (Krizhevsky, Learning multiple layers of features from tiny images, 2009). */
export const cifar10: DatasetDefinition = {
  name: archive.name,
  description: 'CIFAR-10: small photographs of ten kinds of animals and vehicles, 32x32 in colour.',
  shape: [SIDE, SIDE, 3],
  sizes: sizesOf(SIDE),
  channels: [3, 1],
  classes: 10,
  classNames: ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'],
  splits: splitSizes(official),
  licence: 'none stated; Alex Krizhevsky asks to cite the report',
  sources: addresses(archive, archive.archive.file),
  load: (options = {}) => imageDataset(cifar10, official, (split) => loadBatches(archive, split, options), options),
};
