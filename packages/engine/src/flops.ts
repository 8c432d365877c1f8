import * as tf from '@tensorflow/tfjs';

/** What TensorFlow.js's engine has beyond its public type. */
interface Runner {
  runKernel(name: string, inputs: tf.NamedTensorMap, attributes?: tf.NamedAttrMap): tf.Tensor | tf.Tensor[];
}

/**
 * Counts floating-point operations while `work` runs operation by operation: of matrix products and convolutions, two for
 * every product that is added up, by their shapes. The rest of a network is little beside them, and not counted. What an
 * engine makes of an operation does not matter: a convolution that it puts together from others counts once.
 */
export async function countFlops(work: () => Promise<void>): Promise<number> {
  const runner = tf.engine() as unknown as Runner;
  const original = runner.runKernel.bind(runner);
  let flops = 0;
  let depth = 0;
  runner.runKernel = (name, inputs, attributes) => {
    depth += 1;
    try {
      const result = original(name, inputs, attributes);
      if (depth === 1) flops += flopsOf(name, inputs, attributes ?? {}, result as tf.Tensor);
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
