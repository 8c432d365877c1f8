import { type FeatureExtractor, Random, type Score } from '@ganzoo/core';
import { arrayImages, drawWithoutReplacement, extractFeatures, type ImageBatches, loadExtractor, type ModeCoverage, modeCoverage, numberOfClasses, sourceImages } from '@ganzoo/metrics';
import type { MakeProbe } from './probe.js';

/** Fewer classes than this are all found by any generator that does not collapse altogether. */
const FEWEST_MODES = 100;
const BATCH = 500;

/**
 * How many of a data set's classes a generator finds, and how evenly, as a classifier of all of them sees it: for data that
 * were made to have many, like stacked MNIST. The floor is what real images get.
 */
export const modesProbe: MakeProbe = ({ dataset }, { extractor, testSamples }) => {
  const { classes = 0, shape } = dataset.spec;
  if (extractor === null || classes < FEWEST_MODES) return undefined;
  return {
    async score(trainer) {
      const { values } = await trainer.sample(testSamples, { stream: 'score modes' });
      const classifier = await loadExtractor(extractor);
      try {
        if (numberOfClasses(classifier, shape) !== classes) return []; // asked for by name, of other data
        const source = dataset.source('test');
        const real = sourceImages(source, drawWithoutReplacement(source.length, testSamples, Random.of('modes')));
        const generated = await coverage(classifier, classes, arrayImages(values, shape), testSamples);
        const floor = await coverage(classifier, classes, real, testSamples);
        const common = { samples: { real: 0, generated: testSamples }, split: 'test' } as const;
        return [
          { name: `modes-${testSamples}`, value: generated.modes, better: 'higher', floor: floor.modes, ...common },
          { name: `kl-modes-${testSamples}`, value: generated.klToUniform, floor: floor.klToUniform, ...common },
        ] satisfies Score[];
      } finally {
        classifier.dispose();
      }
    },
    rungs: async () => [],
  };
};

async function coverage({ classify, ...extractor }: FeatureExtractor, classes: number, images: ImageBatches, count: number): Promise<ModeCoverage> {
  const classifier = { ...extractor, dimensions: classes, features: classify as NonNullable<typeof classify> };
  const found = new Uint32Array(count);
  for (let start = 0; start < count; start += BATCH) { // logits of all images at once would be as large as the images
    const size = Math.min(BATCH, count - start);
    const { data } = await extractFeatures(classifier, (from, n) => images(start + from, n), size);
    for (let row = 0; row < size; row++) {
      const logits = data.subarray(row * classes, (row + 1) * classes);
      found[start + row] = logits.indexOf(Math.max(...logits));
    }
  }
  return modeCoverage(found, classes);
}
