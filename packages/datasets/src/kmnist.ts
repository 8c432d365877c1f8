import type { DatasetDefinition } from './definition.js';
import { idxDataset } from './idx/definition.js';
import { kmnistArchive } from './idx/published.js';

/** Cursive Japanese characters (Clanuwat et al., https://arxiv.org/abs/1812.01718). Class names are the modern hiragana. */
export const kmnist: DatasetDefinition = idxDataset(kmnistArchive, {
  description: 'KMNIST: ten cursive Japanese characters, 28x28 grey.',
  classNames: ['お', 'き', 'す', 'つ', 'な', 'は', 'ま', 'や', 'れ', 'を'],
  licence: 'CC BY-SA 4.0, ROIS-DS Center for Open Data in the Humanities (CODH)',
});
