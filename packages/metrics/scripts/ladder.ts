import { Random, type Dataset, type FeatureExtractor, type SplitName } from '@ganzoo/core';
import { arrayImages, extractFeatures } from '../src/extractors/extract.js';
import { drawWithoutReplacement } from '../src/features.js';
import { frechetDistanceBetween, frechetStatistics } from '../src/frechet.js';
import { degradations, type Images } from './degradations.js';

export interface Ladder {
  readonly name: string;
  /** Level and Fréchet distance; the first is level 0: real images as they are. */
  readonly rungs: readonly { readonly level: number; readonly distance: number }[];
  /** Whether the distance rises at every level. */
  readonly rises: boolean;
}

/**
 * Fréchet distances of degraded images of the validation split from the test split.
 * @param other the data set that contaminates.
 */
export async function climbLadders(extractor: FeatureExtractor, dataset: Dataset, other: Dataset, samples: number): Promise<Ladder[]> {
  const random = Random.of('ladders', extractor.name);
  const reference = await draw(dataset, 'test', samples, random.fork('test'));
  const images = await draw(dataset, 'validation', samples, random.fork('validation'));
  const foreign = await draw(other, 'validation', samples, random.fork('foreign'));
  const shape = [images.side, images.side, images.channels];
  const statistics = async (values: Float32Array) => frechetStatistics(await extractFeatures(extractor, arrayImages(values, shape), samples));
  const real = await statistics(reference.values);
  const untouched = frechetDistanceBetween(real, await statistics(images.values));

  const ladders: Ladder[] = [];
  for (const { name, levels, apply } of degradations) {
    const rungs = [{ level: 0, distance: untouched }];
    for (const level of levels) {
      const degraded = apply(images, level, random.fork(name, level), foreign);
      rungs.push({ level, distance: frechetDistanceBetween(real, await statistics(degraded)) });
    }
    const rises = rungs.every(({ distance }, i) => i === 0 || distance > (rungs[i - 1]?.distance ?? 0));
    ladders.push({ name, rungs, rises });
  }
  return ladders;
}

async function draw(dataset: Dataset, split: SplitName, count: number, random: Random): Promise<Images> {
  const source = dataset.source(split);
  const { values, labels } = await source.read(drawWithoutReplacement(source.length, count, random));
  if (labels === undefined) throw new Error(`'${dataset.spec.name}' has no labels.`);
  const [side, , channels] = dataset.spec.shape as [number, number, number];
  return { values, labels, side, channels };
}
