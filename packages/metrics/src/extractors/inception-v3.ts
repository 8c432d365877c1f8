import { type FeatureExtractor, MetricError } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { asInceptionInput, inParts } from './inception-input.js';

/** Tensors by their names in PyTorch's port of the network, `Mixed_5b.branch1x1.conv.weight` [out, in, h, w] and so on. */
export type StateDictionary = Readonly<Record<string, { readonly shape: readonly number[]; readonly values: Float32Array }>>;

const SIDE = 299;
/** The smallest image of which anything is left behind the last block. */
const SMALLEST = 75;
const EPSILON = 1e-3;

/**
 * Inception v3 as the authors of FID (Heusel et al. 2017, arXiv 1706.08500) use it: TensorFlow's network of 2015-12-05, 2,048 features behind the
 * last pooling, and for the Inception score 1,008 logits without the bias (Salimans et al. 2016, arXiv 1606.03498).
 * @param state the weights in PyTorch's port of that network
 * @throws {MetricError} when a weight is missing or of another shape
 */
export function inceptionV3Extractor(state: StateDictionary, { name, weightsSha256 }: Pick<FeatureExtractor, 'name' | 'weightsSha256'>): FeatureExtractor {
  const network = new InceptionV3(state);
  const features = (images: tf.Tensor4D): tf.Tensor2D => inParts(images, (part) => network.features(asInceptionInput(part, [SIDE, SIDE])));
  return {
    name,
    dimensions: network.dimensions,
    accepts: ([, , channels]) => channels === 1 || channels === 3,
    weightsSha256,
    testAccuracy: null,
    features,
    classify: (images) => tf.tidy(() => network.logits(features(images))),
    dispose: () => network.dispose(),
  };
}

/** A convolution without bias, batch norm and a rectifier, in inference: the norm is a factor of the kernel and a bias. */
interface Unit {
  /** [h, w, in, out] */
  readonly kernel: tf.Tensor4D;
  readonly bias: tf.Tensor1D;
}

interface UnitOptions {
  readonly stride?: 1 | 2;
  readonly padding?: 'same' | 'valid';
}

/** Where a block halves height and width. */
const HALVE = { stride: 2, padding: 'valid' } as const;

/**
 * Szegedy et al. 2015 (arXiv 1512.00567), figures 5, 6, 7 and 10. Where it differs from torchvision's: means next to a border are of the
 * pixels that are there, and the last block pools by maximum.
 */
export class InceptionV3 {
  readonly dimensions: number;
  private readonly units = new Map<string, Unit>();
  /** [features, classes] */
  private readonly classes: tf.Tensor2D;

  /** @throws {MetricError} when a weight is missing or of another shape */
  constructor(state: StateDictionary) {
    const ending = '.conv.weight';
    try {
      [this.classes, this.dimensions] = tf.tidy(() => { // of what fails half-way nothing stays
        for (const name of Object.keys(state)) {
          if (name.endsWith(ending)) this.units.set(name.slice(0, -ending.length), foldedUnit(state, name.slice(0, -ending.length)));
        }
        const { shape, values } = weightOf(state, 'fc.weight', 2);
        const classes = tf.transpose(tf.tensor2d(values, shape as [number, number]));
        const features = this.features(tf.zeros([1, SMALLEST, SMALLEST, 3]));
        tf.matMul(features, classes);
        for (const { kernel, bias } of this.units.values()) [kernel, bias].forEach((tensor) => tf.keep(tensor));
        return [tf.keep(classes), features.shape[1]] as const;
      });
    } catch (error) {
      if (error instanceof MetricError) throw error;
      throw new MetricError(`The weights are not those of Inception v3: ${(error as Error).message}`, { remedy: REMEDY, cause: error });
    }
  }

  /** @param x [n, h, w, 3], of at least 75 px, in [-1, 1). @returns [n, 2048] */
  features(x: tf.Tensor4D): tf.Tensor2D {
    return tf.tidy(() => {
      let y = this.unit(x, 'Conv2d_1a_3x3', HALVE);
      y = this.unit(y, 'Conv2d_2a_3x3', { padding: 'valid' });
      y = this.unit(y, 'Conv2d_2b_3x3');
      y = tf.maxPool(y, 3, 2, 'valid');
      y = this.unit(y, 'Conv2d_3b_1x1');
      y = this.unit(y, 'Conv2d_4a_3x3', { padding: 'valid' });
      y = tf.maxPool(y, 3, 2, 'valid');
      for (const block of ['Mixed_5b', 'Mixed_5c', 'Mixed_5d']) y = this.blockA(y, block);
      y = this.blockB(y, 'Mixed_6a');
      for (const block of ['Mixed_6b', 'Mixed_6c', 'Mixed_6d', 'Mixed_6e']) y = this.blockC(y, block);
      y = this.blockD(y, 'Mixed_7a');
      y = this.blockE(y, 'Mixed_7b', tf.avgPool(y, 3, 1, 'same'));
      y = this.blockE(y, 'Mixed_7c', tf.maxPool(y, 3, 1, 'same'));
      return tf.mean<tf.Tensor2D>(y, [1, 2]);
    });
  }

  /** Features [n, 2048] -> logits [n, 1008]. */
  logits(features: tf.Tensor2D): tf.Tensor2D {
    return tf.matMul(features, this.classes);
  }

  dispose(): void {
    for (const { kernel, bias } of this.units.values()) tf.dispose([kernel, bias]);
    this.classes.dispose();
  }

  private blockA(x: tf.Tensor4D, block: string): tf.Tensor4D {
    return tf.concat([
      this.chain(x, block, 'branch1x1'),
      this.chain(x, block, 'branch5x5_1', 'branch5x5_2'),
      this.chain(x, block, 'branch3x3dbl_1', 'branch3x3dbl_2', 'branch3x3dbl_3'),
      this.chain(tf.avgPool(x, 3, 1, 'same'), block, 'branch_pool'),
    ], 3);
  }

  private blockB(x: tf.Tensor4D, block: string): tf.Tensor4D {
    return tf.concat([
      this.unit(x, `${block}.branch3x3`, HALVE),
      this.unit(this.chain(x, block, 'branch3x3dbl_1', 'branch3x3dbl_2'), `${block}.branch3x3dbl_3`, HALVE),
      tf.maxPool(x, 3, 2, 'valid'),
    ], 3);
  }

  private blockC(x: tf.Tensor4D, block: string): tf.Tensor4D {
    return tf.concat([
      this.chain(x, block, 'branch1x1'),
      this.chain(x, block, 'branch7x7_1', 'branch7x7_2', 'branch7x7_3'),
      this.chain(x, block, 'branch7x7dbl_1', 'branch7x7dbl_2', 'branch7x7dbl_3', 'branch7x7dbl_4', 'branch7x7dbl_5'),
      this.chain(tf.avgPool(x, 3, 1, 'same'), block, 'branch_pool'),
    ], 3);
  }

  private blockD(x: tf.Tensor4D, block: string): tf.Tensor4D {
    return tf.concat([
      this.unit(this.chain(x, block, 'branch3x3_1'), `${block}.branch3x3_2`, HALVE),
      this.unit(this.chain(x, block, 'branch7x7x3_1', 'branch7x7x3_2', 'branch7x7x3_3'), `${block}.branch7x7x3_4`, HALVE),
      tf.maxPool(x, 3, 2, 'valid'),
    ], 3);
  }

  private blockE(x: tf.Tensor4D, block: string, pooled: tf.Tensor4D): tf.Tensor4D {
    const one = this.chain(x, block, 'branch3x3_1');
    const two = this.chain(x, block, 'branch3x3dbl_1', 'branch3x3dbl_2');
    return tf.concat([
      this.chain(x, block, 'branch1x1'),
      ...['branch3x3_2a', 'branch3x3_2b'].map((name) => this.chain(one, block, name)),
      ...['branch3x3dbl_3a', 'branch3x3dbl_3b'].map((name) => this.chain(two, block, name)),
      this.chain(pooled, block, 'branch_pool'),
    ], 3);
  }

  private chain(x: tf.Tensor4D, block: string, ...names: readonly string[]): tf.Tensor4D {
    return names.reduce((y, name) => this.unit(y, `${block}.${name}`), x);
  }

  private unit(x: tf.Tensor4D, name: string, { stride = 1, padding = 'same' }: UnitOptions = {}): tf.Tensor4D {
    const { kernel, bias } = this.units.get(name) ?? missing(`${name}.conv.weight`);
    return tf.relu(tf.add<tf.Tensor4D>(tf.conv2d(x, kernel, stride, padding), bias));
  }
}

function foldedUnit(state: StateDictionary, name: string): Unit {
  const { shape, values } = weightOf(state, `${name}.conv.weight`, 4);
  const [outputs, inputs, height, width] = shape as [number, number, number, number];
  const [gamma, beta, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map((one) => weightOf(state, `${name}.bn.${one}`, 1, outputs).values) as [Float32Array, Float32Array, Float32Array, Float32Array];
  const kernel = new Float32Array(values.length);
  const bias = new Float32Array(outputs);
  const area = height * width;
  for (let o = 0; o < outputs; o++) {
    const factor = (gamma[o] as number) / Math.sqrt((variance[o] as number) + EPSILON);
    bias[o] = (beta[o] as number) - (mean[o] as number) * factor;
    for (let i = 0; i < inputs; i++) {
      for (let at = 0; at < area; at++) kernel[(at * inputs + i) * outputs + o] = (values[(o * inputs + i) * area + at] as number) * factor;
    }
  }
  return { kernel: tf.tensor4d(kernel, [height, width, inputs, outputs]), bias: tf.tensor1d(bias) };
}

const REMEDY = "Give the file of weights that PyTorch's tools compute FID with.";

function weightOf(state: StateDictionary, name: string, rank: number, length?: number): StateDictionary[string] {
  const weight = state[name] ?? missing(name);
  if (weight.shape.length !== rank || (length !== undefined && weight.shape[0] !== length)) {
    throw new MetricError(`The weight '${name}' of Inception v3 has the shape [${weight.shape}].`, { remedy: REMEDY });
  }
  return weight;
}

function missing(name: string): never {
  throw new MetricError(`The weights have no '${name}': they are not those of Inception v3.`, { remedy: REMEDY });
}
