import { type FeatureExtractor, Random, type Score } from '@ganzoo/core';
import { arrayImages, asClassifier, drawWithoutReplacement, extractFeatures, type ImageBatches, loadExtractor, type ModeCoverage, modeCoverage, predictedClasses, sourceImages } from '@ganzoo/metrics';
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
      const loaded = await loadExtractor(extractor);
      try {
        const classifier = asClassifier(loaded, shape);
        if (classifier?.dimensions !== classes) return []; // asked for by name, of other data
        const source = dataset.source('test');
        const real = sourceImages(source, drawWithoutReplacement(source.length, testSamples, Random.of('modes')));
        const generated = await coverage(classifier, arrayImages(values, shape), testSamples);
        const floor = await coverage(classifier, real, testSamples);
        const common = { samples: { real: 0, generated: testSamples }, split: 'test' } as const;
        return [
          { name: `modes-${testSamples}`, value: generated.modes, better: 'higher', floor: floor.modes, ...common },
          { name: `kl-modes-${testSamples}`, value: generated.klToUniform, floor: floor.klToUniform, ...common },
        ] satisfies Score[];
      } finally {
        loaded.dispose();
      }
    },
    rungs: async () => [],
  };
};

async function coverage(classifier: FeatureExtractor, images: ImageBatches, count: number): Promise<ModeCoverage> {
  const found = new Uint32Array(count);
  for (let start = 0; start < count; start += BATCH) { // logits of all images at once would be as large as the images
    const logits = await extractFeatures(classifier, (from, n) => images(start + from, n), Math.min(BATCH, count - start));
    found.set(predictedClasses(logits), start);
  }
  return modeCoverage(found, classifier.dimensions);
}
