import { Random } from '@ganzoo/core';
import type { DatasetDefinition, LoadOptions } from './definition.js';
import { loadSplit } from './idx/load.js';
import { mnistArchive } from './idx/published.js';
import { imageDataset, type ImageBytes } from './image-dataset.js';
import { mnist } from './mnist.js';
import { NATIVE_SIDE, sizesOf } from './placement.js';
import { type OfficialSplit, splitSizes } from './splits.js';

const DIGITS = 3;
const PIXELS = NATIVE_SIDE * NATIVE_SIDE;
/** 128,000 to train on, as in PacGAN; with a sixth of the whole for validation, and MNIST's number of test images. */
const official = { train: 153_600, test: 26_000 };

/**
 * Three random digits of MNIST as red, green and blue: a thousand modes that can be counted (Metz et al. 2017, Unrolled GANs,
 * arXiv 1611.02163; with 128,000 stacks to train on and 26,000 to score in VEEGAN, arXiv 1705.07761, and PacGAN, arXiv
 * 1712.04086). `test` stacks digits of MNIST's test set; `train` and `validation` are different stacks of the same digits.
 */
export const stackedMnist: DatasetDefinition = {
  name: 'stacked-mnist',
  description: 'Three random digits of MNIST as red, green and blue: a thousand modes.',
  shape: [NATIVE_SIDE, NATIVE_SIDE, DIGITS],
  sizes: sizesOf(NATIVE_SIDE),
  channels: [DIGITS],
  classes: 10 ** DIGITS,
  classNames: Array.from({ length: 10 ** DIGITS }, (_, mode) => String(mode).padStart(DIGITS, '0')),
  splits: splitSizes(official),
  licence: mnist.licence,
  sources: mnist.sources,
  load: (options = {}) => imageDataset(stackedMnist, official, (split) => loadStacks(split, options), options),
};

/** Stacks of an official split's digits. Which three are stacked depends on the split and the index alone. */
async function loadStacks(split: OfficialSplit, options: LoadOptions): Promise<ImageBytes> {
  const digits = await loadSplit(mnistArchive, split, options);
  const drawn = Random.of('datasets', 'stacked-mnist', split).integers(official[split] * DIGITS, digits.length);
  const digitOf = (index: number, channel: number): number => drawn[index * DIGITS + channel] as number;
  return {
    length: official[split],
    image(index) {
      const stack = new Uint8Array(PIXELS * DIGITS);
      for (let channel = 0; channel < DIGITS; channel++) {
        const digit = digits.image(digitOf(index, channel));
        for (let pixel = 0; pixel < PIXELS; pixel++) stack[pixel * DIGITS + channel] = digit[pixel] as number;
      }
      return stack;
    },
    label(index) {
      let label = 0;
      for (let channel = 0; channel < DIGITS; channel++) label = 10 * label + digits.label(digitOf(index, channel));
      return label;
    },
  };
}
