import type { DatasetDefinition } from './definition.js';
import { idxDataset } from './idx/definition.js';
import { fashionMnistArchive } from './idx/published.js';

/** Pictures of clothes (Xiao, Rasul, Vollgraf, https://arxiv.org/abs/1708.07747). */
export const fashionMnist: DatasetDefinition = idxDataset(fashionMnistArchive, {
  description: 'Fashion-MNIST: ten kinds of clothes, 28x28 grey.',
  classNames: ['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'],
  licence: 'MIT, Zalando SE',
});
