import * as tf from '@tensorflow/tfjs';

/** What TensorFlow.js's engine has beyond its public type. */
interface Runner {
  runKernel(name: string, inputs: tf.NamedTensorMap, attributes?: tf.NamedAttrMap): tf.Tensor | tf.Tensor[];
}

/**
 * Counts floating-point operations while `work` runs operation by operation: of matrix products and convolutions, two for
 * every product that is added up, by their shapes. The rest of a network is little beside them, and not counted. What an
 * engine makes of an operation does not matter: a convolution that it puts together from others counts once. Nor does how often
 * a value is computed: an operation on the same operands as an earlier one (the generator on the same latents) needs to run only once.
 */
export async function countFlops(work: () => Promise<void>): Promise<number> {
  const runner = tf.engine() as unknown as Runner;
  const original = runner.runKernel.bind(runner);
  let flops = 0;
  let depth = 0;
  const values = new Values();
  runner.runKernel = (name, inputs, attributes) => {
    depth += 1;
    try {
      const result = original(name, inputs, attributes);
      if (depth === 1 && values.note(name, inputs, attributes ?? {}, [result].flat())) flops += flopsOf(name, inputs, attributes ?? {}, result as tf.Tensor);
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
  return flops;
}

/** Numbers values: results of one operation with the same attributes on the same values are the same values, whatever holds them. */
class Values {
  private readonly numbers = new WeakMap<tf.DataId, number>();
  private readonly results = new Map<string, readonly number[]>();
  private count = 0;

  /** @returns whether the operation is new. */
  note(name: string, inputs: tf.NamedTensorMap, attributes: tf.NamedAttrMap, results: readonly tf.Tensor[]): boolean {
    const operands = Object.entries(inputs).map(([operand, tensor]) => [operand, tensor ? this.numberOf(tensor) : null]);
    const operation = JSON.stringify([name, attributes, operands]);
    const known = this.results.get(operation);
    const numbers = known ?? results.map(() => this.count++);
    results.forEach(({ dataId }, i) => this.numbers.set(dataId, numbers[i] as number));
    this.results.set(operation, numbers);
    return known === undefined;
  }

  private numberOf({ dataId }: tf.Tensor): number {
    const number = this.numbers.get(dataId) ?? this.count++;
    this.numbers.set(dataId, number);
    return number;
  }
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
