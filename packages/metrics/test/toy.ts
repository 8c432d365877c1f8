import { checkIndices, Random, type DataSpec, type Dataset, type FeatureExtractor, type Source } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';

/** Its features are the four pixels of a 2x2 image. */
export function pixelExtractor(): FeatureExtractor {
  return {
    name: 'pixels4',
    dimensions: 4,
    weightsSha256: '',
    testAccuracy: 0,
    accepts: (shape) => shape.join() === '2,2,1',
    features: (images: tf.Tensor4D) => tf.tidy(() => tf.reshape(images, [images.shape[0], 4])),
    dispose: () => undefined,
  };
}

export const pixelSpec: DataSpec = { name: 'pixels', kind: 'images', shape: [2, 2, 1] };

/** Independent Gaussian pixels of mean 0 and variance 1: a distribution of which every distance is known. */
export function gaussianDataset(lengths = { train: 6000, validation: 3000, test: 4000 }, spec = pixelSpec): Dataset {
  return {
    spec,
    source(split): Source {
      const length = lengths[split];
      const values = Random.of('pixels', split).normals(length * 4);
      return {
        spec,
        length,
        async read(indices) {
          checkIndices(indices, length, spec.name);
          return { values: Float32Array.from(Array.from(indices, (i) => [...values.subarray(i * 4, i * 4 + 4)]).flat()) };
        },
      };
    },
  };
}
