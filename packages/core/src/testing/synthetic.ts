import { checkIndices, type Dataset, type DataSpec, type Source, sampleSize } from '../data.js';
import { Random } from '../random.js';

/** Samples in every split of a synthetic data set. */
const LENGTH = 64;

/**
 * A small data set of any shape, made from nothing: images are soft blobs whose place follows the class, vectors are
 * drawn from one of two Gaussians at (-1, ..) and (1, ..). For tests of trainers and variants, not for scores.
 */
export function syntheticDataset(spec: DataSpec): Dataset {
  return {
    spec,
    source: (split, domain = 'real') => {
      const own = domain === 'real' ? spec : spec.domains?.[domain];
      if (!own) throw new Error(`The synthetic data set '${spec.name}' has no domain '${domain}'.`);
      return syntheticSource(own, `${split}/${domain}`);
    },
  };
}

function syntheticSource(spec: DataSpec, stream: string): Source {
  const size = sampleSize(spec);
  const classes = spec.classes ?? 2;
  return {
    spec,
    length: LENGTH,
    async read(indices) {
      checkIndices(indices, LENGTH, spec.name);
      const values = new Float32Array(indices.length * size);
      const labels = new Int32Array(indices.length);
      Array.from(indices).forEach((index, i) => {
        const random = Random.of('synthetic', stream, index);
        labels[i] = random.integerNumber(classes);
        const sample = spec.kind === 'images' ? blob(spec.shape, labels[i] / classes, random) : gaussian(size, labels[i] % 2, random);
        values.set(sample, i * size);
      });
      return spec.classes === undefined ? { values } : { values, labels };
    },
  };
}

function blob(shape: readonly number[], phase: number, random: Random): Float32Array {
  const [height, width, channels] = shape as [number, number, number];
  const centre = [0.5 + 0.3 * Math.cos(2 * Math.PI * phase), 0.5 + 0.3 * Math.sin(2 * Math.PI * phase)] as const;
  const [y0, x0] = [centre[0] * height + random.normalNumber(), centre[1] * width + random.normalNumber()];
  const radius = random.uniformNumber(0.1, 0.2) * height;
  return Float32Array.from({ length: height * width * channels }, (_, i) => {
    const pixel = Math.floor(i / channels);
    const [dy, dx] = [Math.floor(pixel / width) - y0, (pixel % width) - x0];
    return 2 * Math.exp(-(dy * dy + dx * dx) / (2 * radius * radius)) - 1;
  });
}

function gaussian(size: number, side: number, random: Random): Float32Array {
  return random.normals(size, side === 0 ? -1 : 1, 0.1);
}
