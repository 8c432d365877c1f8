import { sampleSize, type Score, type Trainer } from '@ganzoo/core';
import { arrayImages, asClassifier, extractFeatures, extractors, labelAgreement, loadExtractor } from '@ganzoo/metrics';
import type { MakeProbe } from './probe.js';

/** A share of so many varies by half a percent when it is 95 %. */
const MOST_SAMPLES = 2000;

/**
 * How often a classifier sees in a generated image the label that it was asked for. Only for models that want labels, by a
 * classifier of the very data set; its floor is that classifier's accuracy on real images.
 */
export const labelProbe: MakeProbe = ({ variant, dataset }, { extractor, testSamples }) => {
  const { name, classes } = dataset.spec;
  if (variant.requires.labels !== true || extractor === null || classes === undefined) return undefined;
  if (extractors[extractor as keyof typeof extractors].trainedOn !== name) return undefined;
  return {
    score: async (trainer) => agreement(trainer, extractor, Math.min(MOST_SAMPLES, testSamples)),
    rungs: async () => [],
  };
};

async function agreement(trainer: Trainer, extractor: string, count: number): Promise<Score[]> {
  const { values, labels } = await trainer.sample(count, { stream: 'score labels' });
  const lenet = await loadExtractor(extractor);
  try {
    const { shape } = trainer.identity.data;
    const classifier = asClassifier(lenet, shape);
    if (!labels || !classifier) return [];
    const logits = await extractFeatures(classifier, arrayImages(values, shape), values.length / sampleSize({ shape }));
    return [{ name: 'label-agreement', value: labelAgreement(logits, labels), better: 'higher', ...(lenet.testAccuracy !== null && { floor: lenet.testAccuracy }), samples: { real: 0, generated: count }, split: 'test' }];
  } finally {
    lenet.dispose();
  }
}
