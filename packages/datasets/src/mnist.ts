import type { DatasetDefinition } from './definition.js';
import { idxDataset } from './idx/definition.js';
import { mnistArchive } from './idx/published.js';

/** Handwritten digits (LeCun, Bottou, Bengio, Haffner, Gradient-based learning applied to document recognition, 1998). */
export const mnist: DatasetDefinition = idxDataset(mnistArchive, {
  description: 'MNIST: handwritten digits, 28x28 grey.',
  classNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  licence: 'CC BY-SA 3.0, Yann LeCun and Corinna Cortes',
});
