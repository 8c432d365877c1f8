import * as tf from '@tensorflow/tfjs';
import { ReplacedKernels } from '../replaced-kernels.js';
import type { TensorFlowBackend } from '../trace/backend.js';

/**
 * tfjs-node calls TensorFlow's most general operation of a kind. Where a special case has one that is faster on the CPU, this takes that one. Not for GPUs, where it was not measured and products may be rounded to TF32.
 *
 * Products themselves stay `BatchMatMulV2`, although `MatMul` is faster: operation by operation it runs oneDNN 3's sgemm in this thread, which moves the
 * stack pointer out of the stack, so that a signal, as Node's profiler sends many, writes over the heap; and in graphs alone its last bits, which
 * differ, would take a traced step further from the eager one than a thousandth where activations change sides.
 */
export function registerCpuKernels(): void {
  const kernels = new ReplacedKernels<TensorFlowBackend>('tensorflow');
  kernels.define<'x', tf.SumAttrs>('Sum', ({ inputs: { x }, attrs, backend }) => {
    const axes = tf.util.parseAxisParam(attrs.axis, x.shape);
    const rows = tf.util.sizeFromShape(x.shape.slice(0, axes.length));
    const columns = tf.util.sizeFromShape(x.shape.slice(axes.length));
    const first = [...axes].sort((one, other) => one - other).every((axis, i) => axis === i);
    if (x.dtype !== 'float32' || !first || rows < 2 || columns < FEWEST_COLUMNS) return kernels.runStock('Sum', backend, { x }, { ...attrs });
    const left = [...(attrs.keepDims ? axes.map(() => 1) : []), ...x.shape.slice(axes.length)];
    return tf.tidy(() => tf.reshape(sumOfRows(x as tf.Tensor, rows, columns, backend), left));
  });
}

/** With fewer columns TensorFlow's `Sum` is as fast. */
const FEWEST_COLUMNS = 8;

/**
 * As the gradient of a bias, which it is in most networks: two to seven times as fast as TensorFlow's `Sum`. It adds one row after the other, in
 * single precision, so an even number of rows is added in two steps, which keeps six digits of thousands where one kept less than five. Nor does
 * TensorFlow then merge it into a convolution's gradient, whose last bits would differ from those of a step operation by operation.
 */
function sumOfRows(x: tf.Tensor, rows: number, columns: number, backend: TensorFlowBackend): tf.Tensor {
  const { TF_ATTR_TYPE, TF_ATTR_STRING, TF_FLOAT } = backend.binding;
  const attributes = [{ name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT }, { name: 'data_format', type: TF_ATTR_STRING, value: 'NHWC' }];
  const added = (of: tf.Tensor, shape: [number, number]): tf.Tensor => backend.executeSingleOutput('BiasAddGrad', attributes, [tf.reshape(of, shape)]);
  const blocks = blocksOf(rows);
  const first = added(x, [rows / blocks, blocks * columns]);
  return blocks === 1 ? first : added(first, [blocks, columns]);
}

/** About the root of a number that has enough factors of two. */
function blocksOf(rows: number): number {
  let blocks = 1;
  while (rows % (2 * blocks) === 0 && 4 * blocks * blocks <= rows) blocks *= 2;
  return blocks;
}
