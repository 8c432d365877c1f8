import { checkIndices, type Dataset, DataError, type DataSpec, type Mixture, Random, type Source, type SplitName, UsageError } from '@ganzoo/core';
import { checkLimit } from './asked.js';
import type { DatasetDefinition, LoadOptions } from './definition.js';

const SPLITS = { train: 100_000, validation: 10_000, test: 10_000 } as const;

/** Eight Gaussians of sd .01 on the unit circle, as in VEEGAN (Srivastava et al. 2017, arXiv 1705.07761, section 4.1). */
export const ring = mixtureDataset(
  'ring',
  'Embedded: eight Gaussians on a circle, as points in the plane.',
  { centres: Array.from({ length: 8 }, (_, i) => onCircle(i / 8)), sigma: 0.01 },
);

/** 25 Gaussians of sd .05 on {-4, -2, 0, 2, 4}^2, as in VEEGAN, section 4.1. */
export const grid = mixtureDataset(
  'grid',
  'Embedded: 25 Gaussians on a square grid, as points in the plane.',
  { centres: Array.from({ length: 25 }, (_, i) => [2 * Math.floor(i / 5) - 4, 2 * (i % 5) - 4]), sigma: 0.05 },
);

/** Samples of equally likely Gaussians; a sample's label is the index of its Gaussian. Not scaled to [-1, 1]. */
function mixtureDataset(name: string, description: string, mixture: Mixture): DatasetDefinition {
  const dimensions = (mixture.centres[0] as readonly number[]).length;
  const classes = mixture.centres.length;
  const classNames = mixture.centres.map((centre) => `(${centre.map((value) => String(Number(value.toFixed(2)) + 0)).join(', ')})`);
  const spec: DataSpec = { name, kind: 'vectors', shape: [dimensions], classes, classNames, mixture };
  const load = async ({ size, channels, limit, splits = [] }: LoadOptions = {}): Promise<Dataset> => {
    if (size !== undefined || channels !== undefined) {
      throw new UsageError(`'${name}' consists of points: it has no ${size === undefined ? 'channels' : 'size'}.`, { remedy: 'Leave the option out.' });
    }
    checkLimit(name, limit);
    const source = mixtureSource(spec, mixture, limit);
    for (const split of splits) await source(split).read([0]);
    return {
      spec,
      source(split, domain = 'real') {
        if (domain === 'real') return source(split);
        throw new DataError(`'${name}' has no domain '${domain}'.`, { remedy: 'Use a data set of two domains, or a variant that needs one.' });
      },
    };
  };
  return { name, description, shape: spec.shape, sizes: [], channels: [], classes, classNames, splits: SPLITS, licence: 'MIT, as this package', sources: [], load };
}

/** Each split is drawn when it is first read, and kept. Every run of every seed has the same samples. */
function mixtureSource(spec: DataSpec, { centres, sigma }: Mixture, limit = Infinity): (split: SplitName) => Source {
  const [dimensions] = spec.shape as [number];
  const drawn = new Map<SplitName, { points: Float32Array; modes: Int32Array }>();
  const draw = (split: SplitName): { points: Float32Array; modes: Int32Array } => {
    const modes = Random.of('mixtures', 1, spec.name, split, 'modes').integers(SPLITS[split], centres.length);
    const noise = Random.of('mixtures', 1, spec.name, split, 'noise').normals(SPLITS[split] * dimensions, 0, sigma);
    const points = noise.map((value, i) => value + (centres[modes[Math.floor(i / dimensions)] as number]?.[i % dimensions] as number));
    drawn.set(split, { points, modes });
    return { points, modes };
  };
  return (split) => {
    const length = Math.min(SPLITS[split], limit); // independent samples: the first ones are a random part
    return {
      spec,
      length,
      async read(indices) {
        checkIndices(indices, length, `${spec.name} (${split})`);
        const { points, modes } = drawn.get(split) ?? draw(split);
        const values = new Float32Array(indices.length * dimensions);
        const labels = new Int32Array(indices.length);
        for (let i = 0; i < indices.length; i++) {
          const index = indices[i] as number;
          values.set(points.subarray(index * dimensions, (index + 1) * dimensions), i * dimensions);
          labels[i] = modes[index] as number;
        }
        return { values, labels };
      },
    };
  };
}

/** @param turn of a full circle, counterclockwise from (1, 0). */
function onCircle(turn: number): [number, number] {
  return [Math.cos(2 * Math.PI * turn), Math.sin(2 * Math.PI * turn)];
}
