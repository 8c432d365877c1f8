import type { TrainedName } from './registry.js';

/** SHA-256 of the files in `weights`. Written by scripts/train-extractors.ts. */
export const pinnedWeights: Readonly<Record<TrainedName, string>> = {
  'glyphs-lenet64': 'ae394932d942bd68978665c8b380cddf5223ff244985c5314e7462a2d197e88d',
  'mnist-lenet64': '9c4f141b4fb00607481fa3688327d5e2aeef0c8c82d64cb54606bb9047b61e04',
  'cifar4k-lenet64': '355b1ce53e123605a702456617d196b5983086971f2105cc9b8527d0954e22b8',
  'fashion-lenet64': '39527d3a93e5733ec257c6a306e37716b9f54a7f53f0ee793d563cd6de0d49ad',
};
