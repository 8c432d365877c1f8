import * as tf from '@tensorflow/tfjs';

/** What TensorFlow.js's engine has beyond its public type. */
interface Runner {
  runKernel(name: string, inputs: tf.NamedTensorMap, attributes?: tf.NamedAttrMap): tf.Tensor | tf.Tensor[];
}

/** What some work asks of a machine. */
export interface Work {
  /** Floating-point operations of matrix products and convolutions, two for every product that is added up, by their shapes. The rest of a network is little beside them. */
  readonly flops: number;
  /** That its operations read and write, as if each had its operands and results in memory and none in a cache. */
  readonly bytes: number;
}

/** Operations that give their operand another shape. */
const VIEWS = new Set(['Identity', 'Reshape', 'ExpandDims']);

/**
 * Counts while `work` runs operation by operation. What an engine makes of an operation does not matter: a convolution that it puts
 * together from others counts once. Nor does how often a value is computed: an operation on the same operands as an earlier one (the
 * generator on the same latents) needs to run only once.
 */
export async function countWork(work: () => Promise<void>): Promise<Work> {
  const runner = tf.engine() as unknown as Runner;
  const original = runner.runKernel.bind(runner);
  let [flops, bytes] = [0, 0];
  let depth = 0;
  const values = new Values();
  runner.runKernel = (name, inputs, attributes) => {
    depth += 1;
    try {
      const result = original(name, inputs, attributes);
      const results = [result].flat();
      if (depth === 1 && values.note(name, inputs, attributes ?? {}, results)) {
        flops += flopsOf(name, inputs, attributes ?? {}, result as tf.Tensor);
        if (!VIEWS.has(name)) bytes += bytesOf([...Object.values(inputs), ...results]);
      }
      return result;
    } finally {
      depth -= 1;
    }
  };
  try {
    await work();
  } finally {
    delete (runner as Partial<Runner>).runKernel; // it stood on the instance; the class has the original
  }
  return { flops, bytes };
}

/** Numbers values: results of one operation with the same attributes on the same values are the same values, whatever holds them. */
class Values {
  private readonly numbers = new WeakMap<tf.DataId, number>();
  private readonly results = new Map<string, readonly number[]>();
  private count = 0;

  /** @returns whether the operation is new. */
  note(name: string, inputs: tf.NamedTensorMap, attributes: tf.NamedAttrMap, results: readonly tf.Tensor[]): boolean {
    const operands = Object.entries(inputs).map(([operand, tensor]) => [operand, tensor ? [this.numberOf(tensor), tensor.shape] : null]);
    const operation = JSON.stringify([name, attributes, operands]);
    const known = this.results.get(operation);
    const numbers = known ?? results.map(() => this.count++);
    results.forEach((result, i) => {
      const isView = Object.values(inputs).some((input) => input?.dataId === result.dataId);
      if (!isView) this.numbers.set(result.dataId, numbers[i] as number);
    });
    this.results.set(operation, numbers);
    return known === undefined;
  }

  private numberOf({ dataId }: tf.Tensor): number {
    const number = this.numbers.get(dataId) ?? this.count++;
    this.numbers.set(dataId, number);
    return number;
  }
}

function bytesOf(tensors: readonly (tf.Tensor | undefined)[]): number {
  return tensors.reduce((sum, tensor) => sum + (tensor ? tensor.size * tf.util.bytesPerElement(tensor.dtype) : 0), 0);
}

function flopsOf(name: string, inputs: tf.NamedTensorMap, attributes: tf.NamedAttrMap, result: tf.Tensor): number {
  /** Products per value of the map with the filter's outputs as channels. */
  const receptive = ([height, width, channels]: readonly number[]): number => 2 * (height as number) * (width as number) * (channels as number);
  const { a, dy, filter } = inputs as Readonly<Record<string, tf.Tensor>>;
  switch (name) {
    case 'Conv2D':
    case 'FusedConv2D':
      return result.size * receptive((filter as tf.Tensor).shape);
    case 'Conv2DBackpropInput':
      return (dy as tf.Tensor).size * receptive((filter as tf.Tensor).shape);
    case 'Conv2DBackpropFilter':
      return (dy as tf.Tensor).size * receptive(attributes.filterShape as number[]);
    case 'DepthwiseConv2dNative':
      return 2 * result.size * ((filter as tf.Tensor).shape[0] as number) * ((filter as tf.Tensor).shape[1] as number);
    case 'BatchMatMul':
    case '_FusedMatMul':
      return 2 * result.size * ((a as tf.Tensor).shape.at(attributes.transposeA === true ? -2 : -1) as number);
    default:
      return 0;
  }
}
