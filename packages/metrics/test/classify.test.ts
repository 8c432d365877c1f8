import type { FeatureExtractor } from '@ganzoo/core';
import { asClassifier, matrixFromRows, predictedClasses } from '@ganzoo/metrics';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

const means = (images: tf.Tensor4D): tf.Tensor2D => tf.expandDims<tf.Tensor2D>(tf.mean(images, [1, 2, 3]), 1);
const features: FeatureExtractor = { name: 'means', dimensions: 1, weightsSha256: '', testAccuracy: null, accepts: () => true, features: means, dispose() {} };

describe('classifiers', () => {
  it('predict the class of the largest logit, and the first of equal ones', () => {
    expect([...predictedClasses(matrixFromRows([[0, 3, 1], [-1, -2, -1], [-5, -4, -3]]))]).toEqual([1, 0, 2]);
  });

  it('are extractors whose features are the logits', () => {
    const classifying: FeatureExtractor = { ...features, classify: (images) => tf.tile(means(images), [1, 5]) };
    const classifier = asClassifier(classifying, [4, 4, 1]);
    expect(classifier?.dimensions).toBe(5);
    expect(classifier?.features(tf.ones([2, 4, 4, 1])).arraySync()).toEqual([[1, 1, 1, 1, 1], [1, 1, 1, 1, 1]]);
  });

  it('do not come from an extractor that does not classify', () => {
    expect(asClassifier(features, [4, 4, 1])).toBeUndefined();
  });
});
